//! Starting the demo: the tenants are seeded once, then their trucks drive.

use super::{
    history::Historian,
    logins::Logins,
    plan::{self, COMPANY_SLUGS, PlanSettings, TenantPlan, plan},
    seed::{self, Ids},
};
use crate::{
    auth::password,
    services::Services,
    settings::Settings,
    store::{
        self, Database, StoreError,
        demo_seeds::{self, DemoSeed},
        tenants, users,
    },
};
use app::domain::id::TenantId;
use std::{
    io,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Why the demo does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("its password: {0}")]
    Password(io::Error),
    #[error("its password could not be hashed: {0}")]
    Hash(String),
    #[error("its plan could not be drawn: {0}")]
    Plan(String),
}

/// Loads that are written in one transaction. Others who write wait for it, a part of a second.
const PORTION: usize = 100;

/// How often it is told how far the loads are written.
const NEWS: Duration = Duration::from_secs(10);

/// Seeds what is missing and, where the settings ask for it, drives the trucks until `stop`. Others may be served
/// meanwhile. A start that is interrupted leaves loads to the next, which goes on where it ended.
pub async fn start(settings: &Settings, services: &Services, stop: CancellationToken) -> Result<Logins, DemoError> {
    let logins = Logins::load(settings).map_err(DemoError::Password)?;
    let password = logins.password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    let hash = hash.map_err(|error| DemoError::Hash(error.to_string()))?;
    let hash = hash.map_err(|error| DemoError::Hash(error.to_string()))?;
    let database = &services.database;
    for tenant in plan(settings.demo.seed, services.clock.now(), &PlanSettings { loads: 0, trucks: 0 }) {
        if is_there(database, tenant.slug).await? {
            let emails = tenant.users.iter().map(|user| user.email.as_str());
            keep_password(database, emails, &logins, &hash).await?;
        }
    }
    let missing = begin(settings, services, &hash).await?;
    let seeding = missing.into_iter().map(|(plan, begun)| {
        let (database, stop) = (database.clone(), stop.clone());
        tokio::spawn(async move { write_loads(&database, &plan, begun, &stop).await })
    });
    for seeded in futures::future::join_all(seeding).await {
        seeded.map_err(|error| DemoError::Plan(error.to_string()))??;
    }
    if settings.demo.simulate && !stop.is_cancelled() {
        super::drive::begin(settings, services, stop).await?;
    }
    Ok(logins)
}

async fn is_there(database: &Database, slug: &str) -> Result<bool, StoreError> {
    let mut tx = database.begin_snapshot().await?;
    Ok(tenants::find_by_slug(&mut tx, slug).await?.is_some())
}

/// The plans of the tenants whose loads are not all written, and how far each is. Writes those that are not there.
async fn begin(
    settings: &Settings,
    services: &Services,
    password_hash: &str,
) -> Result<Vec<(TenantPlan, DemoSeed)>, DemoError> {
    let (database, now) = (&services.database, services.clock.now());
    let mut missing = Vec::new();
    for slug in COMPANY_SLUGS {
        let begun = demo_seeds::find(database, slug).await?;
        if begun.is_none() && is_there(database, slug).await? {
            continue;
        }
        let begun = begun.unwrap_or(DemoSeed {
            tenant: TenantId(Uuid::now_v7()),
            seed: settings.demo.seed,
            planned_at: now,
            loads: i64::try_from(settings.demo.loads).unwrap_or(i64::MAX),
            trucks: i64::try_from(settings.demo.trucks).unwrap_or(i64::MAX),
            written: 0,
        });
        missing.push((slug, begun));
    }
    let mut plans = Vec::new();
    for (slug, begun) in missing {
        let Some(plan) = plan_of(slug, begun).await? else { continue };
        if !is_there(database, slug).await? {
            let mut tx = database.begin_write().await?;
            let ids = Ids::of(&plan, begun.tenant, begun.planned_at);
            seed::write_tenant(&mut tx, &plan, &ids, password_hash, now).await?;
            demo_seeds::insert(&mut tx, &begun).await?;
            store::commit(tx).await?;
        }
        plans.push((plan, begun));
    }
    Ok(plans)
}

/// The plan of one tenant, as it was drawn when its seeding began. Drawing takes a while where there are many loads.
async fn plan_of(slug: &'static str, begun: DemoSeed) -> Result<Option<TenantPlan>, DemoError> {
    let amount = |count| usize::try_from(count).unwrap_or(0);
    let amounts = PlanSettings { loads: amount(begun.loads), trucks: amount(begun.trucks) };
    let drawing = tokio::task::spawn_blocking(move || plan::plan_of(slug, begun.seed, begun.planned_at, &amounts));
    drawing.await.map_err(|error| DemoError::Plan(error.to_string()))
}

/// Writes what is missing of the loads of a tenant, until `stop`. Several nodes may do so at once: each portion is
/// written by one of them.
async fn write_loads(
    database: &Database,
    plan: &TenantPlan,
    mut begun: DemoSeed,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let ids = Ids::of(plan, begun.tenant, begun.planned_at);
    let mut historian = Historian::new(begun.tenant);
    let mut told = Instant::now();
    while !stop.is_cancelled() {
        let from = usize::try_from(begun.written).unwrap_or(usize::MAX).min(plan.loads.len());
        let portion = &plan.loads[from..plan.loads.len().min(from + PORTION)];
        let count = i64::try_from(portion.len()).unwrap_or(0);
        let mut tx = database.begin_write().await?;
        if !demo_seeds::advance(&mut tx, &begun, count).await? {
            drop(tx);
            // Another node was faster; so it is with the numbers that were given meanwhile.
            match demo_seeds::find(database, plan.slug).await? {
                Some(now) => (begun, historian) = (now, Historian::new(begun.tenant)),
                None => return Ok(()),
            }
            continue;
        }
        seed::write_loads(&mut tx, plan, &ids, &mut historian, portion).await?;
        begun.written += count;
        let is_last = from + portion.len() == plan.loads.len();
        if is_last {
            demo_seeds::finish(&mut tx, begun.tenant).await?;
        }
        store::commit(tx).await?;
        if is_last {
            return Ok(());
        }
        if told.elapsed() >= NEWS {
            told = Instant::now();
            tracing::info!(tenant = plan.slug, "the demo is being seeded: {} of {} loads", begun.written, begun.loads);
        }
    }
    Ok(())
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
    store::commit(tx).await?;
    Ok(())
}
