//! What persons were told, and whether they have read it.

use super::{
    StoreError, Tx,
    row::{Columns, id, maybe_id},
};
use app::{
    api::notifications::Notification,
    domain::{
        id::{NotificationId, TenantId, UserId},
        notification::NotificationType,
        time::Timestamp,
    },
    events::NotificationNew,
};

pub async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    notification: &NotificationNew,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO notifications (id, tenant_id, user_id, type, title, message, link, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id(notification.id))
    .bind(id(tenant))
    .bind(id(user))
    .bind(notification.kind.code())
    .bind(&notification.title)
    .bind(&notification.message)
    .bind(notification.link.as_deref())
    .bind(notification.created_at.millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Up to `limit` of a person's notifications that are older than `before`, newest first, and how many there are in all.
/// `unread`: only those that are unread, or only the others.
pub async fn list(
    tx: &mut Tx,
    user: UserId,
    unread: Option<bool>,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<(Vec<Notification>, i64), StoreError> {
    let rows = sqlx::query(
        "SELECT id, type, title, message, link, created_at, read_at FROM notifications
         WHERE user_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR ($2 = 1 AND read_at IS NULL)
                                 OR ($2 = 0 AND read_at IS NOT NULL))
           AND (CAST($3 AS TEXT) IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
    )
    .bind(id(user))
    .bind(unread.map(i64::from))
    .bind(maybe_id(before))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(
        "SELECT COUNT(*) AS total FROM notifications
         WHERE user_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR ($2 = 1 AND read_at IS NULL)
                                 OR ($2 = 0 AND read_at IS NOT NULL))",
    )
    .bind(id(user))
    .bind(unread.map(i64::from))
    .fetch_one(&mut **tx)
    .await?;
    let notifications = rows.iter().map(|row| {
        let told = NotificationNew {
            id: row.parsed("id")?,
            kind: row.word("type", NotificationType::from_code)?,
            title: row.text("title")?,
            message: row.text("message")?,
            link: row.maybe_text("link")?,
            user_id: Some(user),
            created_at: row.time("created_at")?,
        };
        Ok(Notification { told, read_at: row.maybe_time("read_at")? })
    });
    Ok((notifications.collect::<Result<_, StoreError>>()?, count.int("total")?))
}

pub async fn count_unread(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS unread FROM notifications WHERE user_id = $1 AND read_at IS NULL")
        .bind(id(user))
        .fetch_one(&mut **tx)
        .await?;
    row.int("unread")
}

/// Whether a person was told this.
pub async fn exists(tx: &mut Tx, user: UserId, notification: NotificationId) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT id FROM notifications WHERE user_id = $1 AND id = $2")
        .bind(id(user))
        .bind(id(notification))
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.is_some())
}

/// Marks a person's notification as read, or all of them. Returns those that were unread, in order.
pub async fn mark_read(
    tx: &mut Tx,
    user: UserId,
    notification: Option<NotificationId>,
    at: Timestamp,
) -> Result<Vec<NotificationId>, StoreError> {
    let rows = sqlx::query(
        "UPDATE notifications SET read_at = $3
         WHERE user_id = $1 AND (CAST($2 AS TEXT) IS NULL OR id = $2) AND read_at IS NULL RETURNING id",
    )
    .bind(id(user))
    .bind(maybe_id(notification))
    .bind(at.millis())
    .fetch_all(&mut **tx)
    .await?;
    let mut read = rows.iter().map(|row| row.parsed("id")).collect::<Result<Vec<NotificationId>, _>>()?;
    read.sort();
    Ok(read)
}
