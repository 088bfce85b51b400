//! Clocks: what happens because time passes, and not because somebody asked.

use crate::{services::Services, store};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the clocks are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Tenders that are returned at one look. More wait for the next.
const AT_ONCE: i64 = 200;

/// Runs the clocks until the server is told to stop. On several nodes each runs them; who is first does the work.
pub fn start(services: Services, stop: CancellationToken) {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let run = async {
            loop {
                ticks.tick().await;
                return_expired_tenders(&services).await;
            }
        };
        stop.run_until_cancelled(run).await;
    });
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
