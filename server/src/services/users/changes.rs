//! Changes of a person: name, role, password, removal. All but the name end every session that the person has.

use super::{NAME_CHARS, check_password, shown};
use crate::{
    services::{
        Caller, ServiceError, Services,
        audit::{self, Noted},
        text,
    },
    store::{
        sessions, tenants,
        users::{self, User},
    },
    stream::Change,
};
use app::{
    api::{
        audit::AuditAction,
        users::{UserPatch, UserProfile},
    },
    domain::{id::UserId, role::Role},
};
use serde_json::json;

/// Sessions that were ended by a change: the tokens of this person that are of an earlier generation are worthless.
///
/// Whoever made the change must shut them out at the door and close their sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct EndedSessions {
    pub user: UserId,
    pub generation: i64,
}

impl Services {
    /// Changes name or role. With a new role the person has to log in anew.
    pub async fn patch_user(
        &self,
        caller: &Caller,
        user: UserId,
        patch: UserPatch,
    ) -> Result<(UserProfile, Option<EndedSessions>), ServiceError> {
        let (mut change, mut user) = self.begin_user_change(caller, user).await?;
        if let Some(name) = patch.name {
            let name = text::line("name", &name, NAME_CHARS)?;
            if name != user.name {
                let noted = Noted::new(AuditAction::UserRenamed).of("user", user.id);
                let noted = noted.with(json!({ "from": user.name, "to": name }));
                audit::note(&mut change.tx, caller, change.now, noted).await?;
            }
            user.name = name;
        }
        let role = patch.role.unwrap_or(user.role);
        let has_new_role = role != user.role;
        if has_new_role {
            if !role.is_staff() || !user.role.is_staff() {
                return Err(ServiceError::rule(
                    "role_of_outside_party",
                    format!("{} can't change between staff and outside parties. Add another login instead.", user.name),
                ));
            }
            check_not_last_admin(&mut change, &user).await?;
            let noted = Noted::new(AuditAction::RoleChanged).of("user", user.id);
            let noted = noted.with(json!({ "name": user.name, "from": user.role, "to": role }));
            audit::note(&mut change.tx, caller, change.now, noted).await?;
            user.role = role;
        }
        users::set_name_and_role(&mut change.tx, user.id, &user.name, user.role).await?;
        let ended = if has_new_role { Some(end_sessions(&mut change, user.id).await?) } else { None };
        change.commit().await?;
        Ok((shown(user), ended))
    }

    /// Takes a person's login away.
    pub async fn remove_user(&self, caller: &Caller, user: UserId) -> Result<EndedSessions, ServiceError> {
        let (mut change, user) = self.begin_user_change(caller, user).await?;
        if is_oneself(caller, user.id) {
            return Err(ServiceError::rule("oneself", "You can't remove yourself. Let another admin do it."));
        }
        check_not_last_admin(&mut change, &user).await?;
        users::remove(&mut change.tx, user.id, change.now).await?;
        let noted = Noted::new(AuditAction::UserRemoved).of("user", user.id);
        let noted = noted.with(json!({ "email": user.email, "name": user.name, "role": user.role }));
        audit::note(&mut change.tx, caller, change.now, noted).await?;
        let ended = end_sessions(&mut change, user.id).await?;
        change.commit().await?;
        Ok(ended)
    }

    /// Checks what needs no database, before another person's new password is hashed.
    pub fn check_password_of_other(&self, caller: &Caller, user: UserId, password: &str) -> Result<(), ServiceError> {
        caller.check_manages("set the passwords of others")?;
        if is_oneself(caller, user) {
            return Err(ServiceError::rule("oneself", "Change your own password by naming the current one."));
        }
        check_password("password", password)
    }

    /// Gives another person a new password.
    pub async fn set_password(
        &self,
        caller: &Caller,
        user: UserId,
        password_hash: &str,
    ) -> Result<EndedSessions, ServiceError> {
        let (mut change, user) = self.begin_user_change(caller, user).await?;
        users::set_password(&mut change.tx, user.id, password_hash).await?;
        let noted = Noted::new(AuditAction::PasswordSet).of("user", user.id).with(json!({ "name": user.name }));
        audit::note(&mut change.tx, caller, change.now, noted).await?;
        let ended = end_sessions(&mut change, user.id).await?;
        change.commit().await?;
        Ok(ended)
    }

    /// Checks one's own new password before it is hashed.
    pub fn check_own_password(&self, password: &str) -> Result<(), ServiceError> {
        check_password("newPassword", password)
    }

    /// Changes one's own password. `known` is oneself as one was when the current password was checked.
    pub async fn change_own_password(
        &self,
        caller: &Caller,
        known: &User,
        password_hash: &str,
    ) -> Result<EndedSessions, ServiceError> {
        let mut change = self.begin(caller).await?;
        tenants::lock(&mut change.tx, caller.tenant).await?;
        change.read_clock();
        let now = users::find_of_tenant(&mut change.tx, caller.tenant, known.id).await?;
        let now = now.ok_or(ServiceError::NotFound("user"))?;
        if now.password_hash != known.password_hash {
            return Err(ServiceError::taken("currentPassword", "Your password was changed meanwhile. Log in anew."));
        }
        users::set_password(&mut change.tx, now.id, password_hash).await?;
        let noted = Noted::new(AuditAction::PasswordChanged).of("user", now.id);
        audit::note(&mut change.tx, caller, change.now, noted).await?;
        let ended = end_sessions(&mut change, now.id).await?;
        change.commit().await?;
        Ok(ended)
    }

    /// Begins a change of a person by an admin. Those who administer one tenant take turns.
    async fn begin_user_change(&self, caller: &Caller, user: UserId) -> Result<(Change, User), ServiceError> {
        caller.check_manages("change people")?;
        let mut change = self.begin(caller).await?;
        tenants::lock(&mut change.tx, caller.tenant).await?;
        change.read_clock();
        let user = users::find_of_tenant(&mut change.tx, caller.tenant, user).await?;
        Ok((change, user.ok_or(ServiceError::NotFound("user"))?))
    }
}

async fn end_sessions(change: &mut Change, user: UserId) -> Result<EndedSessions, ServiceError> {
    Ok(EndedSessions { user, generation: sessions::next_generation(&mut change.tx, user).await? })
}

/// Without an admin nobody could make another one.
async fn check_not_last_admin(change: &mut Change, user: &User) -> Result<(), ServiceError> {
    if user.role == Role::Admin && users::count(&mut change.tx, change.tenant, Role::Admin).await? <= 1 {
        let message = format!("{} is the last admin. Make somebody else admin first.", user.name);
        return Err(ServiceError::rule("last_admin", message));
    }
    Ok(())
}

fn is_oneself(caller: &Caller, user: UserId) -> bool {
    caller.person.as_ref().is_some_and(|person| person.id == user)
}
