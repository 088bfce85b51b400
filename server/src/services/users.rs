//! The people of a tenant: who they are, and adding one.

mod changes;

pub use changes::EndedSessions;

use super::{
    Caller, ServiceError, Services,
    audit::{self, Noted},
    text,
};
use crate::{
    auth::{EMAIL_BYTES, PASSWORD_BYTES},
    store::{Constraint, StoreError, carriers, users},
};
use app::{
    api::{
        Page, PageInfo,
        audit::AuditAction,
        users::{CreateUser, UserProfile},
    },
    domain::{
        id::{CarrierId, DriverId, UserId},
        role::Role,
    },
};
use serde_json::json;
use uuid::Uuid;

const NAME_CHARS: usize = 120;
/// Passwords shorter than this are guessed.
pub const PASSWORD_CHARS: usize = 12;

/// A person who may be added: the values are good, and the caller may do it.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub password: String,
    email: String,
    name: String,
    role: Role,
    carrier: Option<CarrierId>,
    driver: Option<DriverId>,
}

impl Services {
    /// Everybody of the tenant, by name.
    pub async fn list_users(&self, caller: &Caller) -> Result<Page<UserProfile>, ServiceError> {
        caller.check_staff("see who works here")?;
        let members = users::list(&self.database, caller.tenant).await?;
        let total = members.len() as i64;
        Ok(Page { data: members.into_iter().map(shown).collect(), page: PageInfo { next: None, total } })
    }

    /// Checks what needs no database, before the password is hashed, which takes a while.
    pub fn check_new_user(&self, caller: &Caller, request: CreateUser) -> Result<NewUser, ServiceError> {
        caller.check_manages("add people")?;
        let CreateUser { email, name, role, password, carrier_id, driver_id } = request;
        let email = email_address(&email).ok_or_else(|| ServiceError::field("email", "takes an e-mail address"))?;
        check_password("password", &password)?;
        let name = text::line("name", &name, NAME_CHARS)?;
        let needed = (role == Role::Carrier, role == Role::Driver);
        if needed.0 != carrier_id.is_some() {
            return Err(ServiceError::field("carrierId", "is named for a carrier's office, and for nobody else"));
        }
        if needed.1 != driver_id.is_some() {
            return Err(ServiceError::field("driverId", "is named for a driver's login, and for nobody else"));
        }
        Ok(NewUser { password, email, name, role, carrier: carrier_id, driver: driver_id })
    }

    /// Adds a person.
    pub async fn create_user(
        &self,
        caller: &Caller,
        new: NewUser,
        password_hash: String,
    ) -> Result<UserProfile, ServiceError> {
        let mut change = self.begin(caller).await?;
        if let Some(carrier) = new.carrier {
            let found = carriers::find(&mut change.tx, caller.tenant, carrier).await?;
            found.ok_or(ServiceError::NotFound("carrier"))?;
        }
        if let Some(driver) = new.driver {
            let found = carriers::find_driver(&mut change.tx, caller.tenant, driver).await?;
            found.ok_or(ServiceError::NotFound("driver"))?;
        }
        let user = users::User {
            id: UserId(Uuid::now_v7()),
            tenant_id: caller.tenant,
            tenant_name: String::new(),
            email: new.email,
            name: new.name,
            role: new.role,
            password_hash,
            carrier_id: new.carrier,
            driver_id: new.driver,
            token_generation: 0,
        };
        users::insert(&mut change.tx, &user, change.now).await.map_err(|error| refused(error, &user.email))?;
        let noted = Noted::new(AuditAction::UserCreated).of("user", user.id);
        let noted = noted.with(json!({ "email": user.email, "name": user.name, "role": user.role }));
        audit::note(&mut change.tx, caller, change.now, noted).await?;
        change.commit().await?;
        Ok(shown(user))
    }
}

/// A person as colleagues see them.
fn shown(user: users::User) -> UserProfile {
    UserProfile {
        id: user.id,
        name: user.name,
        email: user.email,
        role: user.role,
        carrier_id: user.carrier_id,
        driver_id: user.driver_id,
    }
}

/// The address in the form in which it is stored; none where this is not one.
pub fn email_address(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let is_plain = email.len() <= EMAIL_BYTES && !email.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_address && is_plain).then_some(email)
}

fn check_password(field: &'static str, password: &str) -> Result<(), ServiceError> {
    if password.chars().count() < PASSWORD_CHARS || password.len() > PASSWORD_BYTES {
        let bounds = format_args!("takes {PASSWORD_CHARS} characters or more, and at most {PASSWORD_BYTES} bytes");
        return Err(ServiceError::field(field, bounds));
    }
    Ok(())
}

fn refused(error: StoreError, email: &str) -> ServiceError {
    match error.constraint() {
        Some(Constraint::UserEmail) => {
            ServiceError::taken("email", format!("Somebody has the e-mail address {email} already."))
        }
        Some(Constraint::UserDriver) => ServiceError::taken("driverId", "This driver has a login already."),
        _ => error.into(),
    }
}
