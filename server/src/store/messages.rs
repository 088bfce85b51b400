//! Messages of conversations, and how far each person has read.

use super::{
    StoreError, Tx,
    row::{Columns, id, maybe_id},
};
use app::{
    domain::{
        id::{CarrierId, ConversationId, LoadId, MessageId, UserId},
        load::Person,
        time::Timestamp,
    },
    events::{MessageNew, MessageRead},
};
use sqlx::any::AnyRow;

/// Which messages of a conversation are read.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    pub conversation: ConversationId,
    /// The load that the conversation is about.
    pub load: Option<LoadId>,
    /// Only what was said while the load was with this carrier; none: all.
    pub carrier: Option<CarrierId>,
}

/// The messages of conversation `$1` that were said while carrier `$2` had the load, if one is given.
macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.author_id, a.name AS author_name, m.body, m.sent_at, m.client_id
             FROM messages m JOIN users a ON a.id = m.author_id
             WHERE m.conversation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR m.carrier_id = $2) ",
            $rest
        )
    };
}

/// Up to `limit` messages that came before the one numbered `before`, newest first, and how many there are in all.
pub async fn list(
    tx: &mut Tx,
    sight: Sight,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<MessageNew>, i64), StoreError> {
    let rows = sqlx::query(select_messages!(
        "AND (CAST($3 AS BIGINT) IS NULL OR m.number < $3) ORDER BY m.number DESC LIMIT $4"
    ))
    .bind(id(sight.conversation))
    .bind(maybe_id(sight.carrier))
    .bind(before)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(
        "SELECT COUNT(*) AS total FROM messages m
         WHERE m.conversation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR m.carrier_id = $2)",
    )
    .bind(id(sight.conversation))
    .bind(maybe_id(sight.carrier))
    .fetch_one(&mut **tx)
    .await?;
    let messages = rows.iter().map(|row| read(row, sight.conversation, sight.load)).collect::<Result<_, _>>()?;
    Ok((messages, count.int("total")?))
}

/// The message that an author has sent under a name of the author's own.
pub async fn find_sent(
    tx: &mut Tx,
    sight: Sight,
    author: UserId,
    client_id: &str,
) -> Result<Option<MessageNew>, StoreError> {
    let row = sqlx::query(select_messages!("AND m.author_id = $3 AND m.client_id = $4"))
        .bind(id(sight.conversation))
        .bind(None::<String>)
        .bind(id(author))
        .bind(client_id)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| read(&row, sight.conversation, sight.load)).transpose()
}

/// The number of a message, and the carrier that had the load when it was said; `None` where it is not to be seen.
pub async fn find_number(
    tx: &mut Tx,
    sight: Sight,
    message: MessageId,
) -> Result<Option<(i64, Option<CarrierId>)>, StoreError> {
    let row = sqlx::query(
        "SELECT number, carrier_id FROM messages
         WHERE conversation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR carrier_id = $2) AND id = $3",
    )
    .bind(id(sight.conversation))
    .bind(maybe_id(sight.carrier))
    .bind(id(message))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok((row.int("number")?, row.maybe_parsed("carrier_id")?))).transpose()
}

/// Stores a message as the last of its conversation. `carrier`: who has the load.
pub async fn insert(tx: &mut Tx, message: &MessageNew, carrier: Option<CarrierId>) -> Result<(), StoreError> {
    let numbered = sqlx::query(
        "UPDATE conversations SET last_number = last_number + 1, active_at = $2 WHERE id = $1 RETURNING last_number",
    )
    .bind(id(message.conversation_id))
    .bind(message.sent_at.millis())
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT INTO messages (id, conversation_id, number, author_id, body, sent_at, client_id, carrier_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id(message.id))
    .bind(id(message.conversation_id))
    .bind(numbered.int("last_number")?)
    .bind(id(message.author.id))
    .bind(&message.body)
    .bind(message.sent_at.millis())
    .bind(message.client_id.as_deref())
    .bind(maybe_id(carrier))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Moves a person's mark forward to the message of this number. `false` where it stands there or further on.
pub async fn move_mark(tx: &mut Tx, mark: &MessageRead, number: i64) -> Result<bool, StoreError> {
    let moved = sqlx::query(
        "INSERT INTO read_marks (conversation_id, user_id, message_id, number, read_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (conversation_id, user_id) DO UPDATE
           SET message_id = excluded.message_id, number = excluded.number, read_at = excluded.read_at
           WHERE read_marks.number < excluded.number",
    )
    .bind(id(mark.conversation_id))
    .bind(id(mark.user_id))
    .bind(id(mark.message_id))
    .bind(number)
    .bind(mark.read_at.millis())
    .execute(&mut **tx)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// How far each person has read, where that is at a message that is to be seen.
pub async fn list_marks(tx: &mut Tx, sight: Sight) -> Result<Vec<MessageRead>, StoreError> {
    let rows = sqlx::query(
        "SELECT r.user_id, r.message_id, r.read_at FROM read_marks r JOIN messages m ON m.id = r.message_id
         WHERE r.conversation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR m.carrier_id = $2) ORDER BY r.user_id",
    )
    .bind(id(sight.conversation))
    .bind(maybe_id(sight.carrier))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(MessageRead {
                conversation_id: sight.conversation,
                user_id: row.parsed("user_id")?,
                message_id: row.parsed("message_id")?,
                read_at: row.time("read_at")?,
            })
        })
        .collect()
}

/// Reads the columns of a message.
pub(super) fn read(row: &AnyRow, conversation: ConversationId, load: Option<LoadId>) -> Result<MessageNew, StoreError> {
    Ok(MessageNew {
        id: row.parsed("id")?,
        conversation_id: conversation,
        load_id: load,
        author: Person { id: row.parsed("author_id")?, name: row.text("author_name")? },
        body: row.text("body")?,
        sent_at: Timestamp::from_millis(row.int("sent_at")?),
        client_id: row.maybe_text("client_id")?,
    })
}
