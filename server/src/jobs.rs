//! Clocks: what happens because time passes, and not because somebody asked.

use crate::{services::Services, store};
use futures::future::join;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the clocks are looked at.
const TICK: Duration = Duration::from_secs(1);

/// How often kept answers are looked through for those that have expired.
const SWEEP: Duration = Duration::from_mins(10);

/// How often it is looked for imports that nobody works on.
const TAKE_UP: Duration = Duration::from_secs(5);

/// Tenders that are returned at one look. More wait for the next.
const AT_ONCE: i64 = 200;

/// Runs the clocks until the server is told to stop. On several nodes each runs them; who is first does the work.
pub fn start(services: Services, stop: CancellationToken) {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweeps = tokio::time::interval(SWEEP);
        sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut take_ups = tokio::time::interval(TAKE_UP);
        take_ups.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Beside the others: a large file would keep tenders waiting.
        let imports = async {
            loop {
                take_ups.tick().await;
                take_up_imports(&services).await;
            }
        };
        let run = async {
            loop {
                tokio::select! {
                    _ = ticks.tick() => return_expired_tenders(&services).await,
                    _ = sweeps.tick() => {
                        remove_expired_answers(&services).await;
                        forget_imports(&services).await;
                    }
                }
            }
        };
        stop.run_until_cancelled(join(run, imports)).await;
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

/// Returns every load whose tender has run out to pending. One that fails costs no other, and is tried again.
pub async fn return_expired_tenders(services: &Services) {
    let expired = match store::loads::expired_tenders(&services.database, services.clock.now(), AT_ONCE).await {
        Ok(expired) => expired,
        Err(error) => return tracing::warn!(%error, "tenders that have run out could not be read"),
    };
    for (tenant, load) in expired {
        if let Err(error) = services.expire_tender(tenant, load).await {
            tracing::warn!(%error, %load, "a tender that has run out could not be returned");
        }
    }
}
