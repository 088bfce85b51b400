//! What the server counts, and how Prometheus reads it.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

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
/// Seconds from a position's receipt to its being stored.
pub const INGEST_LAG: &str = "headhaul_ingest_lag_seconds";
/// Whether the other nodes can be reached: 1 or 0.
pub const RELAY_UP: &str = "headhaul_relay_up";
/// Messages that could not be sent to the other nodes.
pub const RELAY_LOST: &str = "headhaul_relay_lost_total";

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts to count. Only the first call does something.
pub fn start() {
    HANDLE.get_or_init(|| {
        let lags = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
        let builder = PrometheusBuilder::new().set_buckets(&lags);
        let recorder = builder.and_then(PrometheusBuilder::install_recorder);
        recorder.inspect_err(|error| tracing::error!(%error, "metrics are not counted")).ok()
    });
}

/// Everything that was counted, as Prometheus reads it.
pub fn render() -> String {
    HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}
