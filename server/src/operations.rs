//! What an operator does from the command line: tenants, people, tokens.

use crate::{
    auth::{Door, DoorError, password},
    clock::Clock,
    services::{Noted, PASSWORD_CHARS, append_audit, email_address},
    settings::Settings,
    store::{
        self, Constraint, Database, StoreError, audit,
        tenants::{self, Tenant},
        users::{self, User},
    },
};
use app::{
    api::audit::AuditAction,
    domain::{
        id::{TenantId, UserId},
        role::Role,
    },
};
use serde_json::json;
use uuid::Uuid;

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    #[error("there is a tenant {0} already")]
    TenantExists(String),
    #[error("there is no tenant {0}")]
    NoTenant(String),
    #[error("somebody has the e-mail address {0} already")]
    EmailTaken(String),
    #[error("nobody has the e-mail address {0}")]
    NoUser(String),
    #[error("{0}")]
    BadValue(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Door(#[from] DoorError),
}

/// Adds a tenant. `slug` is its short name for the command line: lower-case letters, digits and hyphens.
pub async fn add_tenant(database: &Database, slug: &str, name: &str) -> Result<TenantId, OperationError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || !slug.chars().all(fits) || name.trim().is_empty() {
        return Err(OperationError::BadValue(
            "a slug takes lower-case letters, digits and hyphens; a name must not be empty",
        ));
    }
    let tenant = Tenant { id: TenantId(Uuid::now_v7()), slug: slug.to_owned(), name: name.trim().to_owned() };
    let mut tx = database.begin_write().await?;
    tenants::insert(&mut tx, &tenant).await.map_err(|error| match error.constraint() {
        Some(Constraint::TenantSlug) => OperationError::TenantExists(slug.to_owned()),
        _ => error.into(),
    })?;
    store::commit(tx).await?;
    Ok(tenant.id)
}

/// A member of staff to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub tenant: String,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password: String,
}

/// Adds a member of staff to a tenant.
pub async fn add_user(database: &Database, new: NewUser, clock: &Clock) -> Result<UserId, OperationError> {
    let email = email_address(&new.email).filter(|_| !new.name.trim().is_empty());
    let email = email.ok_or(OperationError::BadValue("an e-mail address and a name are needed"))?;
    if !new.role.is_staff() {
        return Err(OperationError::BadValue("carriers and drivers are added with the carrier they belong to"));
    }
    if new.password.chars().count() < PASSWORD_CHARS {
        return Err(OperationError::BadValue("a password takes 12 characters or more"));
    }
    let password_hash =
        password::hash(&new.password).map_err(|error| OperationError::Door(DoorError::Internal(error.to_string())))?;
    let mut tx = database.begin_write().await?;
    let tenant = tenants::find_by_slug(&mut tx, &new.tenant).await?;
    let tenant = tenant.ok_or(OperationError::NoTenant(new.tenant))?;
    let user = User {
        id: UserId(Uuid::now_v7()),
        tenant_id: tenant.id,
        tenant_name: tenant.name,
        email: email.clone(),
        name: new.name.trim().to_owned(),
        role: new.role,
        password_hash,
        carrier_id: None,
        driver_id: None,
        token_generation: 0,
    };
    users::insert(&mut tx, &user, clock.now()).await.map_err(|error| match error.constraint() {
        Some(Constraint::UserEmail) => OperationError::EmailTaken(email),
        _ => error.into(),
    })?;
    let noted = Noted::new(AuditAction::UserCreated).of("user", user.id);
    let noted = noted.with(json!({ "email": user.email, "name": user.name, "role": user.role }));
    audit::insert(&mut tx, user.tenant_id, &noted.by(None, None, clock.now())).await?;
    store::commit(tx).await?;
    Ok(user.id)
}

/// A token for a person, as a login would give it, for scripts and integrations.
pub async fn issue_token(settings: &Settings, database: &Database, email: &str) -> Result<String, OperationError> {
    let user = users::find_by_email(database, &email.trim().to_lowercase()).await?;
    let user = user.ok_or_else(|| OperationError::NoUser(email.to_owned()))?;
    let door = Door::open(settings, database.clone(), Clock::system()).await?;
    let (tenant, noted) = (user.tenant_id, Noted::new(AuditAction::TokenIssued).of("user", user.id));
    let noted = noted.with(json!({ "email": user.email }));
    let token = door.issue(user, Uuid::new_v4().to_string())?.token;
    append_audit(database, tenant, &noted.by(None, None, Clock::system().now())).await?;
    Ok(token)
}
