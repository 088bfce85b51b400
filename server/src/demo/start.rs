//! Starting the demo: the tenants are seeded once, then their trucks drive.

use super::{
    logins::Logins,
    plan::{PlanSettings, plan},
    seed,
};
use crate::{
    auth::password,
    services::Services,
    settings::Settings,
    store::{Database, StoreError, tenants, users},
};
use std::io;
use tokio_util::sync::CancellationToken;

/// Why the demo does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("its password: {0}")]
    Password(io::Error),
    #[error("its password could not be hashed: {0}")]
    Hash(String),
}

/// Seeds what is missing and, where the settings ask for it, drives the trucks until `stop`.
pub async fn start(settings: &Settings, services: &Services, stop: CancellationToken) -> Result<Logins, DemoError> {
    let logins = Logins::load(settings).map_err(DemoError::Password)?;
    let hash = password::hash(&logins.password).map_err(|error| DemoError::Hash(error.to_string()))?;
    let now = services.clock.now();
    let amounts = PlanSettings { loads: settings.demo.loads, trucks: settings.demo.trucks };
    for tenant in plan(settings.demo.seed, now, &amounts) {
        let mut tx = services.database.begin_write().await?;
        if tenants::find_by_slug(&mut tx, tenant.slug).await?.is_none() {
            seed::write(&mut tx, &tenant, &hash, now).await?;
            tx.commit().await.map_err(StoreError::Sql)?;
        } else {
            drop(tx);
            let emails = tenant.users.iter().map(|user| user.email.as_str());
            keep_password(&services.database, emails, &logins, &hash).await?;
        }
    }
    if settings.demo.simulate {
        super::drive::begin(settings, services, stop).await?;
    }
    Ok(logins)
}

/// Gives the demo users another password where another one is set than they were seeded with.
async fn keep_password(
    database: &Database,
    emails: impl Iterator<Item = &str>,
    logins: &Logins,
    hash: &str,
) -> Result<(), StoreError> {
    let mut differing = Vec::new();
    for email in emails {
        if let Some(user) = users::find_by_email(database, email).await?
            && !logins.fits(&user.password_hash)
        {
            differing.push(user.email);
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    let mut tx = database.begin_write().await?;
    for email in differing {
        users::set_password_hash(&mut tx, &email, hash).await?;
    }
    tx.commit().await?;
    Ok(())
}
