//! What the server counts, and how Prometheus reads it.

use crate::supervise::Ended;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Duration};

/// Connections, whatever the number of namespaces that each has open.
pub const CONNECTIONS: &str = "headhaul_connections";
/// Sockets that are connected, by namespace.
pub const SOCKETS: &str = "headhaul_sockets";
/// Sockets that were connected, by namespace.
pub const CONNECTS: &str = "headhaul_connects_total";
/// Commands that came, by namespace.
pub const COMMANDS: &str = "headhaul_commands_total";
/// Refusals because of a limit, by limit.
pub const THROTTLED: &str = "headhaul_throttled_total";
/// Events that were sent, each once however many receive it, by namespace.
pub const EMITS: &str = "headhaul_emits_total";
/// Events that did not reach a socket whose buffer was full.
pub const MISSED: &str = "headhaul_missed_deliveries_total";
/// Events that were handed to sockets, by namespace.
pub const DELIVERIES: &str = "headhaul_deliveries_total";
/// Events that wait to be published.
pub const PUBLISH_QUEUE: &str = "headhaul_publish_queue";
/// Streams entered, by outcome: `recovered`, `anew`.
pub const REPLAYS: &str = "headhaul_replays_total";
/// Events sent again to those who missed them.
pub const REPLAYED_EVENTS: &str = "headhaul_replayed_events_total";
/// Numbers that were missing and had to be fetched from the database.
pub const GAPS: &str = "headhaul_gaps_total";
/// Seconds from the receipt of the first position of a group to their being stored together.
pub const INGEST_LAG: &str = "headhaul_ingest_lag_seconds";
/// Whether the other nodes can be reached: 1 or 0.
pub const RELAY_UP: &str = "headhaul_relay_up";
/// Messages that could not be sent to the other nodes.
pub const RELAY_LOST: &str = "headhaul_relay_lost_total";
/// Letters that were dropped, by reason: `version`, `signature`, `unreadable`, `stale`, `repeated`.
pub const RELAY_REJECTED: &str = "headhaul_relay_rejected_total";
/// Changes that were in one another's way in the database, by what became of them: `retried`, or `refused` with 503.
pub const CONFLICTS: &str = "headhaul_conflicts_total";
/// Stored rows that this release can't read and leaves out, by table.
pub const UNREADABLE_ROWS: &str = "headhaul_unreadable_rows_total";
/// Long-lived tasks that have failed and were started again, by task.
pub const TASK_RESTARTS: &str = "headhaul_task_restarts_total";
/// Panics of any task.
pub const PANICS: &str = "headhaul_panics_total";

/// How often samples are counted into their buckets. Until then each takes memory, whether anybody scrapes or not.
const UPKEEP: Duration = Duration::from_secs(5);

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts to count, panics included. Only the first call does something.
pub fn start() {
    HANDLE.get_or_init(|| {
        count_panics();
        let lags = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
        let builder = PrometheusBuilder::new().set_buckets(&lags);
        let recorder = builder.and_then(PrometheusBuilder::install_recorder);
        recorder.inspect_err(|error| tracing::error!(%error, "metrics are not counted")).ok()
    });
}

/// Counts each panic, beside what was done at one before.
fn count_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        metrics::counter!(PANICS).increment(1);
        before(panic);
    }));
}

/// Keeps the memory of what is counted bounded. Never ends.
pub async fn keep_up() -> Ended {
    keep_up_every(UPKEEP).await
}

async fn keep_up_every(period: Duration) -> Ended {
    let mut ticks = tokio::time::interval(period);
    loop {
        ticks.tick().await;
        if let Some(handle) = HANDLE.get().and_then(Option::as_ref) {
            handle.run_upkeep();
        }
    }
}

/// Everything that was counted, as Prometheus reads it.
pub fn render() -> String {
    HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Memory that the process holds.
    fn resident_kilobytes() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[tokio::test]
    async fn samples_take_no_more_memory_however_many_come_without_a_scrape() {
        start();
        let upkeep = tokio::spawn(keep_up_every(Duration::from_millis(5)));
        let round = async || {
            for _ in 0..200_000 {
                metrics::histogram!(INGEST_LAG).record(0.003);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        round().await;
        let before = resident_kilobytes();
        // Kept, they would take 96 MB.
        for _ in 0..20 {
            round().await;
        }
        let grown = resident_kilobytes().saturating_sub(before);
        assert!(grown < 24_000, "{grown} kB");
        assert!(render().contains("headhaul_ingest_lag_seconds_count 4200000"), "none is lost");
        upkeep.abort();
    }

    #[tokio::test]
    async fn a_panic_of_any_task_is_counted() {
        start();
        let panicked = tokio::spawn(async { panic!("by a test") }).await;
        assert!(panicked.is_err() && render().contains("headhaul_panics_total 1"), "{}", render());
    }
}
