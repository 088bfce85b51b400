//! The audit trail: what is noted, and who may read it.

use super::{Caller, ServiceError, Services};
use crate::store::{self, StoreError, Tx, audit::AuditFilter};
use app::{
    api::{
        Page, PageInfo,
        audit::{AuditAction, AuditEntry, AuditSubject},
    },
    domain::{id::TenantId, load::Person, time::Timestamp},
};
use serde_json::Value;
use std::net::IpAddr;
use uuid::Uuid;

/// Entries are counted up to so many.
const COUNT_LIMIT: i64 = 10_000;

/// Something to be noted.
#[derive(Debug, Clone)]
pub struct Noted {
    action: AuditAction,
    subject: Option<AuditSubject>,
    details: Value,
}

impl Noted {
    pub fn new(action: AuditAction) -> Self {
        Self { action, subject: None, details: Value::Object(Default::default()) }
    }

    pub fn of(self, kind: &str, id: impl std::fmt::Display) -> Self {
        Self { subject: Some(AuditSubject { kind: kind.to_owned(), id: id.to_string() }), ..self }
    }

    /// Takes an object.
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }

    /// As it is kept.
    pub fn by(self, actor: Option<Person>, address: Option<IpAddr>, at: Timestamp) -> AuditEntry {
        let Noted { action, subject, details } = self;
        let address = address.map(|address| address.to_string());
        AuditEntry { id: Uuid::now_v7(), at, action, actor, address, subject, details }
    }
}

/// Notes what a caller does, in the transaction that does it.
pub(super) async fn note(tx: &mut Tx, caller: &Caller, at: Timestamp, noted: Noted) -> Result<(), StoreError> {
    store::audit::insert(tx, caller.tenant, &noted.by(caller.person.clone(), caller.address, at)).await
}

/// A page of the trail.
#[derive(Debug, Clone, Default)]
pub struct AuditRequest {
    pub filter: AuditFilter,
    pub limit: usize,
}

impl Services {
    /// The trail of the caller's tenant, newest first.
    pub async fn list_audit(&self, caller: &Caller, request: AuditRequest) -> Result<Page<AuditEntry>, ServiceError> {
        caller.check_manages("read the audit trail")?;
        let AuditRequest { filter, limit } = request;
        // One more tells whether there is another page.
        let asked = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let mut tx = self.database.begin_snapshot().await?;
        let (mut data, total) = store::audit::list(&mut tx, caller.tenant, &filter, asked, COUNT_LIMIT).await?;
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next = data.last().filter(|_| has_more).map(|last| format!("{}.{}", last.at.millis(), last.id));
        Ok(Page { data, page: PageInfo { next, total } })
    }

    /// Notes what a caller did that changed nothing.
    pub(super) async fn note_alone(&self, caller: &Caller, noted: Noted) -> Result<(), StoreError> {
        let entry = noted.by(caller.person.clone(), caller.address, self.clock.now());
        append_audit(&self.database, caller.tenant, &entry).await
    }
}

/// Notes something in a transaction of its own.
pub async fn append_audit(database: &store::Database, tenant: TenantId, entry: &AuditEntry) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    store::audit::insert(&mut tx, tenant, entry).await?;
    store::commit(tx).await?;
    Ok(())
}
