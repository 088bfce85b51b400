//! Clocks: what happens because time passes, and not because somebody asked.

use crate::{services::Services, store};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often it is looked for tenders that have run out.
const TENDERS: Duration = Duration::from_secs(1);

/// How often kept answers, and what is known of imports, are looked through for those that have expired.
const SWEEP: Duration = Duration::from_mins(10);

/// How often it is looked for imports that nobody works on.
const TAKE_UP: Duration = Duration::from_secs(5);

/// Tenders that are read at a time.
const AT_ONCE: i64 = 200;

/// Runs the clocks until the server is told to stop, each for itself: one that fails or takes long holds up no other.
/// On several nodes each runs them; who is first does the work.
pub fn start(services: &Services, stop: &CancellationToken) {
    let every = |period, name, job| run_every(services, stop, period, name, job);
    every(TENDERS, "tender_expiry", |services| Box::pin(return_expired_tenders(services)));
    every(TAKE_UP, "import_pickup", |services| Box::pin(take_up_imports(services)));
    every(SWEEP, "answer_expiry", |services| Box::pin(remove_expired_answers(services)));
    every(SWEEP, "import_expiry", |services| Box::pin(forget_imports(services)));
}

type Job = for<'a> fn(&'a Services) -> futures::future::BoxFuture<'a, ()>;

fn run_every(services: &Services, stop: &CancellationToken, period: Duration, name: &'static str, job: Job) {
    let of_job = services.clone();
    services.supervisor.run_until(stop, name, move || {
        let services = of_job.clone();
        async move {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                job(&services).await;
            }
        }
    });
}

/// Removes what is known of imports that nobody asks for any more.
pub async fn forget_imports(services: &Services) {
    if let Err(error) = services.forget_imports().await {
        tracing::warn!(%error, "imports that are long finished could not be removed");
    }
}

/// Goes on with imports that have lost their process. One that fails is taken up again later.
pub async fn take_up_imports(services: &Services) {
    if let Err(error) = services.take_up_imports().await {
        tracing::warn!(%error, "imports could not be taken up");
    }
}

/// Removes the answers that nobody may ask for again. Until then they do no harm: their keys are free.
pub async fn remove_expired_answers(services: &Services) {
    if let Err(error) = store::idempotency::remove_expired(&services.database, services.clock.now()).await {
        tracing::warn!(%error, "answers that have expired could not be removed");
    }
}

/// Returns every load whose tender has run out to pending. One that fails costs no other, however many fail, and is
/// tried again at the next look.
pub async fn return_expired_tenders(services: &Services) {
    let now = services.clock.now();
    let mut after = None;
    loop {
        let expired = match store::loads::expired_tenders(&services.database, now, after, AT_ONCE).await {
            Ok(expired) => expired,
            Err(error) => return tracing::warn!(%error, "tenders that have run out could not be read"),
        };
        after = expired.last().map(|tender| (tender.expires_at, tender.load));
        let is_last = expired.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        for tender in expired {
            if let Err(error) = services.expire_tender(tender.tenant, tender.load).await {
                tracing::warn!(%error, load = %tender.load, "a tender that has run out could not be returned");
            }
        }
        if is_last {
            return;
        }
    }
}

#[cfg(test)]
#[path = "jobs_tests.rs"]
mod tests;
