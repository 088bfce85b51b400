//! Conversations and who takes part in those between persons.

use super::{
    StoreError, Tx,
    loads::Scope,
    messages,
    row::{Columns, id, maybe_id},
};
use app::{
    api::conversations::{Conversation, Member},
    domain::{
        id::{ConversationId, LoadId, TenantId, UserId},
        load::Person,
        role::Role,
        time::Timestamp,
    },
};
use sqlx::any::AnyRow;

/// Who reads: a person, and the loads that this person sees, if any.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    pub user: UserId,
    pub scope: Option<Scope>,
}

/// A place in the list, which goes by the last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityPlace {
    pub active_at: Timestamp,
    pub id: ConversationId,
}

/// The conversations `c` of tenant `$1` that person `$2` takes part in, who sees loads at all (`$3`), of carrier `$4` or
/// driver `$5`; with the last message `m` that the person may see.
macro_rules! of_reader {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM conversations c
             LEFT JOIN loads l ON l.id = c.load_id
             LEFT JOIN messages m ON m.conversation_id = c.id AND m.number = (
                SELECT v.number FROM messages v WHERE v.conversation_id = c.id
                  AND (c.load_id IS NULL OR (CAST($4 AS TEXT) IS NULL AND CAST($5 AS TEXT) IS NULL)
                       OR v.carrier_id = l.carrier_id)
                ORDER BY v.number DESC LIMIT 1)
             LEFT JOIN users a ON a.id = m.author_id
             WHERE c.tenant_id = $1 AND (
                (c.load_id IS NULL AND EXISTS (
                    SELECT 1 FROM conversation_members p WHERE p.conversation_id = c.id AND p.user_id = $2))
                OR (c.load_id IS NOT NULL AND m.id IS NOT NULL AND $3 = 1 AND l.deleted_at IS NULL
                    AND (CAST($4 AS TEXT) IS NULL OR l.carrier_id = $4)
                    AND (CAST($5 AS TEXT) IS NULL OR l.driver_id = $5)
                    AND ((CAST($4 AS TEXT) IS NULL AND CAST($5 AS TEXT) IS NULL)
                         OR l.status NOT IN ('PLANNING', 'PENDING')))) ",
            $rest
        )
    };
}

/// [`of_reader`] with all that is shown of a conversation.
macro_rules! select_conversations {
    ($rest:literal) => {
        of_reader!(
            "c.id AS conversation_id, c.load_id, l.load_number, c.title, c.active_at, m.id, m.author_id,
             a.name AS author_name, m.body, m.sent_at, m.client_id,
             (SELECT COUNT(*) FROM messages n WHERE n.conversation_id = c.id AND n.author_id <> $2
                AND n.number > COALESCE((SELECT r.number FROM read_marks r
                                         WHERE r.conversation_id = c.id AND r.user_id = $2), 0)
                AND (c.load_id IS NULL OR (CAST($4 AS TEXT) IS NULL AND CAST($5 AS TEXT) IS NULL)
                     OR n.carrier_id = l.carrier_id)) AS unread",
            $rest
        )
    };
}

/// Up to `limit` conversations of a person that come after a place, newest activity first, and how many there are in
/// all. Those of loads are listed once something was said that the person may see.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    reader: Reader,
    after: Option<ActivityPlace>,
    limit: i64,
) -> Result<(Vec<(ActivityPlace, Conversation)>, i64), StoreError> {
    let Reader { user, scope } = reader;
    let rows = sqlx::query(select_conversations!(
        "AND (CAST($6 AS BIGINT) IS NULL OR c.active_at < $6 OR (c.active_at = $6 AND c.id < $7))
         ORDER BY c.active_at DESC, c.id DESC LIMIT $8"
    ))
    .bind(id(tenant))
    .bind(id(user))
    .bind(i64::from(scope.is_some()))
    .bind(scope.and_then(Scope::carrier))
    .bind(scope.and_then(Scope::driver))
    .bind(after.map(|place| place.active_at.millis()))
    .bind(maybe_id(after.map(|place| place.id)))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(of_reader!("COUNT(*) AS total", ""))
        .bind(id(tenant))
        .bind(id(user))
        .bind(i64::from(scope.is_some()))
        .bind(scope.and_then(Scope::carrier))
        .bind(scope.and_then(Scope::driver))
        .fetch_one(&mut **tx)
        .await?;
    let mut listed = Vec::new();
    for row in &rows {
        let place = ActivityPlace { active_at: row.time("active_at")?, id: row.parsed("conversation_id")? };
        listed.push((place, read(tx, row).await?));
    }
    Ok((listed, count.int("total")?))
}

/// One conversation, if the person takes part in it, and, where it is about a load, something was said in it.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    reader: Reader,
    conversation: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let Reader { user, scope } = reader;
    let row = sqlx::query(select_conversations!("AND c.id = $6"))
        .bind(id(tenant))
        .bind(id(user))
        .bind(i64::from(scope.is_some()))
        .bind(scope.and_then(Scope::carrier))
        .bind(scope.and_then(Scope::driver))
        .bind(id(conversation))
        .fetch_optional(&mut **tx)
        .await?;
    match row {
        Some(row) => Ok(Some(read(tx, &row).await?)),
        None => Ok(None),
    }
}

async fn read(tx: &mut Tx, row: &AnyRow) -> Result<Conversation, StoreError> {
    let conversation: ConversationId = row.parsed("conversation_id")?;
    let load_id: Option<LoadId> = row.maybe_parsed("load_id")?;
    let last_message = match row.maybe_text("id")? {
        Some(_) => Some(messages::read(row, conversation, load_id)?),
        None => None,
    };
    Ok(Conversation {
        id: conversation,
        load_id,
        load_number: row.maybe_text("load_number")?,
        title: row.maybe_text("title")?,
        members: if load_id.is_some() { Vec::new() } else { members(tx, conversation).await? },
        last_message,
        unread: row.int("unread")?,
    })
}

/// Who takes part in a conversation between persons, by name.
async fn members(tx: &mut Tx, conversation: ConversationId) -> Result<Vec<Member>, StoreError> {
    let rows = sqlx::query(
        "SELECT u.id, u.name, u.role FROM conversation_members p JOIN users u ON u.id = p.user_id
         WHERE p.conversation_id = $1 ORDER BY u.name, u.id",
    )
    .bind(id(conversation))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let person = Person { id: row.parsed("id")?, name: row.text("name")? };
            Ok(Member { person, role: row.word("role", Role::from_code)? })
        })
        .collect()
}

/// The ids of those who take part in a conversation between persons, in order; nobody where there is none.
pub async fn member_ids(
    tx: &mut Tx,
    tenant: TenantId,
    conversation: ConversationId,
) -> Result<Vec<UserId>, StoreError> {
    let rows = sqlx::query(
        "SELECT p.user_id FROM conversation_members p JOIN conversations c ON c.id = p.conversation_id
         WHERE c.tenant_id = $1 AND c.id = $2 ORDER BY p.user_id",
    )
    .bind(id(tenant))
    .bind(id(conversation))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| row.parsed("user_id")).collect()
}

/// Makes other writers of this conversation wait until the transaction ends.
pub async fn lock(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<(), StoreError> {
    sqlx::query("UPDATE conversations SET last_number = last_number WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(conversation))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Creates the conversation of a load, unless it is there.
pub async fn ensure_of_load(tx: &mut Tx, tenant: TenantId, load: LoadId, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO conversations (id, tenant_id, load_id, created_at, active_at, last_number)
         VALUES ($1, $2, $1, $3, $3, 0) ON CONFLICT DO NOTHING",
    )
    .bind(id(load))
    .bind(id(tenant))
    .bind(at.millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A conversation between persons that begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    pub id: ConversationId,
    pub title: Option<String>,
    pub members: Vec<UserId>,
    /// Whose it is, where two have one without a title.
    pub pair: Option<String>,
    pub at: Timestamp,
}

/// Creates a conversation between persons. Returns the one of the same two, where it is there already.
pub async fn insert(tx: &mut Tx, tenant: TenantId, beginning: &Beginning) -> Result<ConversationId, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO conversations (id, tenant_id, title, pair, created_at, active_at, last_number)
         VALUES ($1, $2, $3, $4, $5, $5, 0) ON CONFLICT DO NOTHING",
    )
    .bind(id(beginning.id))
    .bind(id(tenant))
    .bind(beginning.title.as_deref())
    .bind(beginning.pair.as_deref())
    .bind(beginning.at.millis())
    .execute(&mut **tx)
    .await?;
    if inserted.rows_affected() == 0 {
        let row = sqlx::query("SELECT id FROM conversations WHERE tenant_id = $1 AND pair = $2")
            .bind(id(tenant))
            .bind(beginning.pair.as_deref())
            .fetch_one(&mut **tx)
            .await?;
        return row.parsed("id");
    }
    for member in &beginning.members {
        sqlx::query("INSERT INTO conversation_members (conversation_id, user_id) VALUES ($1, $2)")
            .bind(id(beginning.id))
            .bind(id(member))
            .execute(&mut **tx)
            .await?;
    }
    Ok(beginning.id)
}
