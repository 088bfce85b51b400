//! Alerts: what follows from readings, stored and told in the transaction that stores them.

use super::{
    super::{Caller, ServiceError, Services},
    PageRequest, page, require_staff,
};
use crate::{
    store::{self, StoreError, units::Watched},
    stream::{Audience, Change},
};
use app::{
    api::{Page, cold_chain::Alert},
    domain::{
        excursion::{Raised, Step, Watch},
        id::AlertId,
        sensor::AlertType,
        time::{MINUTE, Timestamp},
    },
    events::{AlertResolved, AlertTriggered, SensorReading},
};
use uuid::Uuid;

impl Services {
    /// Alerts, newest first; only those that are open, or only those that are over, where `open` says so.
    pub async fn list_alerts(
        &self,
        caller: &Caller,
        open: Option<bool>,
        request: PageRequest<AlertId>,
    ) -> Result<Page<Alert>, ServiceError> {
        require_staff(caller)?;
        let mut tx = self.database.begin_snapshot().await?;
        let (alerts, total) =
            store::alerts::list(&mut tx, caller.tenant, open, request.cursor, request.probe()).await?;
        Ok(page(alerts, total, request.limit, |alert| alert.id.to_string()))
    }
}

/// Judges readings that are new, oldest first. The unit must be locked.
pub(super) async fn judge(
    change: &mut Change,
    watched: &Watched,
    readings: &[SensorReading],
) -> Result<(), StoreError> {
    let mut guard = Guard::begin(change, watched).await?;
    for reading in readings {
        let steps = guard.watch.judge(&watched.limits(), reading.recorded_at, reading.temperature);
        guard.take(change, steps, reading.temperature, reading.recorded_at).await?;
    }
    guard.end(change).await
}

/// Holds the newest reading against limits that were changed. The unit must be locked.
pub(super) async fn judge_anew(change: &mut Change, watched: &Watched) -> Result<(), StoreError> {
    let unit = watched.unit.id;
    let Some(newest) = store::readings::list(&mut change.tx, unit, None, 1).await?.pop() else { return Ok(()) };
    let since = store::readings::outside_since(&mut change.tx, unit, &watched.limits()).await?;
    let mut guard = Guard::begin(change, watched).await?;
    let steps = guard.watch.judge_anew(&watched.limits(), since, newest.recorded_at, newest.temperature);
    // It is the change that ends or begins an alert here, and it is made now.
    let now = change.now;
    guard.take(change, steps, newest.temperature, now).await?;
    guard.end(change).await
}

/// The watch over a unit during a change.
struct Guard<'a> {
    watched: &'a Watched,
    watch: Watch,
    open: Option<Alert>,
}

impl<'a> Guard<'a> {
    async fn begin(change: &mut Change, watched: &'a Watched) -> Result<Self, StoreError> {
        let open = store::alerts::open_of(&mut change.tx, change.tenant, watched.unit.id).await?;
        let raised = open.as_ref().map(|alert| Raised { kind: alert.alert_type, severity: alert.severity });
        let watch = Watch { judged_at: watched.judged_at, outside_since: watched.outside_since, raised };
        Ok(Self { watched, watch, open })
    }

    /// Stores and records what follows from a reading.
    async fn take(
        &mut self,
        change: &mut Change,
        steps: Vec<Step>,
        temperature: f64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        for step in steps {
            match step {
                Step::Resolved => {
                    let Some(alert) = self.open.take() else { continue };
                    store::alerts::resolve(&mut change.tx, change.tenant, alert.id, at).await?;
                    let resolved = AlertResolved { alert_id: alert.id, unit_id: alert.unit_id, load_id: alert.load_id };
                    change.record(&Audience::default(), alert.load_id, &resolved)?;
                }
                Step::Triggered(raised) => {
                    let alert = self.alert(raised, temperature, at);
                    store::alerts::insert(&mut change.tx, change.tenant, &alert).await?;
                    change.record(&Audience::default(), alert.load_id, &told(&alert))?;
                    self.open = Some(alert);
                }
            }
        }
        Ok(())
    }

    fn alert(&self, raised: Raised, temperature: f64, at: Timestamp) -> Alert {
        let unit = &self.watched.unit;
        let (side, limit) = match raised.kind {
            AlertType::TemperatureHigh => ("above its maximum", unit.max_temperature),
            AlertType::TemperatureLow => ("below its minimum", unit.min_temperature),
        };
        let minutes = self.watch.outside_since.map_or(0, |since| at.since(since) / MINUTE);
        let duration = if minutes > 0 { format!(", out of range for {minutes} min") } else { String::new() };
        let (name, temperature, limit) = (&unit.name, rounded(temperature), rounded(limit));
        Alert {
            id: AlertId(Uuid::now_v7()),
            unit_id: Some(unit.id),
            load_id: unit.load_id,
            alert_type: raised.kind,
            severity: raised.severity,
            message: format!("{name} is at {temperature} °C, {side} of {limit} °C{duration}."),
            triggered_at: at,
            resolved_at: None,
        }
    }

    async fn end(self, change: &mut Change) -> Result<(), StoreError> {
        store::units::save_watch(&mut change.tx, change.tenant, self.watched.unit.id, &self.watch).await
    }
}

fn told(alert: &Alert) -> AlertTriggered {
    AlertTriggered {
        alert_id: alert.id,
        unit_id: alert.unit_id,
        load_id: alert.load_id,
        alert_type: alert.alert_type,
        severity: alert.severity,
        message: alert.message.clone(),
        triggered_at: alert.triggered_at,
    }
}

/// To a hundredth of a degree, which is finer than sensors are; without a minus before zero.
fn rounded(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0 + 0.0
}
