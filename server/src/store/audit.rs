//! The audit trail. It is only added to.

use super::{
    StoreError, Tx,
    many::Many,
    row::{Columns, id, maybe_id},
};
use app::{
    api::audit::{AuditAction, AuditEntry, AuditSubject},
    domain::{
        id::{TenantId, UserId},
        load::Person,
        time::Timestamp,
    },
};
use sqlx::any::AnyRow;
use uuid::Uuid;

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub action: Option<AuditAction>,
    pub actor: Option<UserId>,
    pub from: Option<Timestamp>,
    /// Those before this moment.
    pub to: Option<Timestamp>,
    /// Those that are older than this one.
    pub before: Option<(Timestamp, Uuid)>,
}

pub async fn insert(tx: &mut Tx, tenant: TenantId, entry: &AuditEntry) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (id, tenant_id, happened_at, actor_id, actor_name, address, action, subject_kind,
             subject_id, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id(entry.id))
    .bind(id(tenant))
    .bind(entry.at.millis())
    .bind(maybe_id(entry.actor.as_ref().map(|actor| actor.id)))
    .bind(entry.actor.as_ref().map(|actor| actor.name.clone()))
    .bind(entry.address.clone())
    .bind(entry.action.code())
    .bind(entry.subject.as_ref().map(|subject| subject.kind.clone()))
    .bind(entry.subject.as_ref().map(|subject| subject.id.clone()))
    .bind(entry.details.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Entries of a tenant, newest first, and how many there are, counted up to `count_limit`.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    filter: &AuditFilter,
    limit: i64,
    count_limit: i64,
) -> Result<(Vec<AuditEntry>, i64), StoreError> {
    let page = Conditions::of(filter, true);
    let sql = format!(
        "SELECT id, happened_at, actor_id, actor_name, address, action, subject_kind, subject_id, details FROM audit
         WHERE tenant_id = $1 {} ORDER BY happened_at DESC, id DESC LIMIT {limit}",
        page.sql
    );
    let rows = page.bind(Many::new(sql), tenant).fetch_all(tx).await?;
    let all = Conditions::of(filter, false);
    let sql = format!(
        "SELECT COUNT(*) AS total FROM (SELECT 1 AS one FROM audit WHERE tenant_id = $1 {} LIMIT {count_limit}) AS found",
        all.sql
    );
    let total = all.bind(Many::new(sql), tenant).fetch_one(tx).await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, total.int("total")?))
}

/// Conditions beside the tenant, and their values in order, from `$2` on.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Int(i64),
}

impl Conditions {
    fn of(filter: &AuditFilter, with_place: bool) -> Self {
        let mut all = Self { sql: String::new(), values: Vec::new() };
        if let Some(action) = filter.action {
            all.add("action =", Value::Text(action.code().to_owned()));
        }
        if let Some(actor) = filter.actor {
            all.add("actor_id =", Value::Text(id(actor)));
        }
        if let Some(from) = filter.from {
            all.add("happened_at >=", Value::Int(from.millis()));
        }
        if let Some(to) = filter.to {
            all.add("happened_at <", Value::Int(to.millis()));
        }
        if let Some((at, entry)) = filter.before.filter(|_| with_place) {
            let first = all.values.len() + 2;
            all.sql.push_str(&format!("AND (happened_at, id) < (${first}, ${}) ", first + 1));
            all.values.extend([Value::Int(at.millis()), Value::Text(id(entry))]);
        }
        all
    }

    fn add(&mut self, condition: &str, value: Value) {
        self.sql.push_str(&format!("AND {condition} ${} ", self.values.len() + 2));
        self.values.push(value);
    }

    fn bind(self, query: Many, tenant: TenantId) -> Many {
        self.values.into_iter().fold(query.bind(id(tenant)), |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Int(number) => query.bind(number),
        })
    }
}

fn read(row: &AnyRow) -> Result<AuditEntry, StoreError> {
    let actor = row.maybe_parsed("actor_id")?.zip(row.maybe_text("actor_name")?);
    let subject = row.maybe_text("subject_kind")?.zip(row.maybe_text("subject_id")?);
    Ok(AuditEntry {
        id: row.parsed("id")?,
        at: row.time("happened_at")?,
        action: row.word("action", AuditAction::from_code)?,
        actor: actor.map(|(id, name)| Person { id, name }),
        address: row.maybe_text("address")?,
        subject: subject.map(|(kind, id)| AuditSubject { kind, id }),
        details: row.parsed("details")?,
    })
}
