//! Readings that are handed in: checked one by one, stored together, judged, and shown to whoever watches.

use super::{
    super::{Caller, Right, ServiceError, Services},
    visible_unit,
};
use crate::{
    store::{self, StoreError, units::Watched},
    stream::Room,
};
use app::{
    api::{
        ErrorCode,
        cold_chain::{MAX_READINGS, NewReading, ReadingsReceived, RefusedReading},
    },
    domain::{
        id::{ReadingId, UnitId},
        sensor::{ReadingSource, check_reading},
    },
    events::{SensorReading, SensorReadingsBatch},
};
use uuid::Uuid;

/// Readings as they came: what could not even be read is there with the reason, in its place.
pub type Handed = Result<NewReading, String>;

impl Services {
    /// Takes one reading of a unit. One that is there already is taken, and changes nothing.
    pub async fn report_reading(
        &self,
        caller: &Caller,
        unit: UnitId,
        reading: NewReading,
        source: ReadingSource,
    ) -> Result<(), ServiceError> {
        self.check_reporter(caller, unit).await?;
        let reading = self.checked(unit, reading, source)?;
        self.take_readings(caller, unit, vec![reading]).await
    }

    /// Takes up to 1,000 readings of a unit, in any order. Each that can't be taken is named; the others are taken.
    pub async fn report_readings(
        &self,
        caller: &Caller,
        unit: UnitId,
        handed: Vec<Handed>,
        source: ReadingSource,
    ) -> Result<ReadingsReceived, ServiceError> {
        self.check_reporter(caller, unit).await?;
        if handed.len() > MAX_READINGS {
            return Err(ServiceError::field("readings", format_args!("takes at most {MAX_READINGS} at a time")));
        }
        let (mut readings, mut refused) = (Vec::with_capacity(handed.len()), Vec::new());
        for (index, handed) in handed.into_iter().enumerate() {
            let checked = match handed {
                Ok(reading) => {
                    self.checked(unit, reading, source).map_err(|error| (ErrorCode::RuleBroken, error.to_string()))
                }
                Err(message) => Err((ErrorCode::BadRequest, message)),
            };
            match checked {
                Ok(reading) => readings.push(reading),
                Err((code, message)) => refused.push(RefusedReading { index, code, message }),
            }
        }
        let accepted = readings.len();
        self.take_readings(caller, unit, readings).await?;
        Ok(ReadingsReceived { accepted, refused })
    }

    async fn check_reporter(&self, caller: &Caller, unit: UnitId) -> Result<(), ServiceError> {
        let Err(refusal) = Right::ReportReadings.judge(caller) else { return Ok(()) };
        // Who may not see the unit is not told that it is there.
        let mut tx = self.database.begin_snapshot().await?;
        visible_unit(&mut tx, caller, unit).await?;
        Err(refusal)
    }

    fn checked(&self, unit: UnitId, reading: NewReading, source: ReadingSource) -> Result<SensorReading, ServiceError> {
        let now = self.clock.now();
        let recorded_at = reading.recorded_at.unwrap_or(now);
        check_reading(&reading.measured(now), now).map_err(|bad| ServiceError::field(bad.field(), bad))?;
        Ok(SensorReading {
            id: ReadingId(Uuid::now_v7()),
            unit_id: unit,
            device_id: reading.device_id,
            temperature: reading.temperature,
            humidity: reading.humidity,
            battery: reading.battery,
            signal_strength: reading.signal_strength,
            recorded_at,
            source,
        })
    }

    /// Stores readings, then shows them. Both happen even if the caller goes away meanwhile: what is stored must not be
    /// missing from memory.
    async fn take_readings(
        &self,
        caller: &Caller,
        unit: UnitId,
        readings: Vec<SensorReading>,
    ) -> Result<(), ServiceError> {
        let (this, caller) = (self.clone(), caller.clone());
        let taken = tokio::spawn(store::idempotency::with_key_of_this_task(async move {
            let (watched, new) = this.store_readings(&caller, unit, readings).await?;
            this.hot.share(caller.tenant, &new);
            this.show_readings(&caller, &watched, new);
            Ok(())
        }));
        taken.await.unwrap_or_else(|_| Err(StoreError::TaskEnded("stores readings").into()))
    }

    /// Stores readings and what follows from them. Returns those that are new, oldest first.
    async fn store_readings(
        &self,
        caller: &Caller,
        unit: UnitId,
        mut readings: Vec<SensorReading>,
    ) -> Result<(Watched, Vec<SensorReading>), ServiceError> {
        readings.sort_by_key(|reading| reading.recorded_at);
        let mut change = self.begin(caller).await?;
        store::units::lock(&mut change.tx, caller.tenant, unit).await?;
        change.read_clock();
        let watched = visible_unit(&mut change.tx, caller, unit).await?;
        let stored = store::readings::insert_all(&mut change.tx, &readings).await?;
        let new: Vec<_> = readings.into_iter().filter(|reading| stored.contains(&reading.id)).collect();
        super::alerts::judge(&mut change, &watched, &new).await?;
        change.commit().await?;
        Ok((watched, new))
    }

    fn show_readings(&self, caller: &Caller, watched: &Watched, mut new: Vec<SensorReading>) {
        let unit = &watched.unit;
        let rooms = vec![Room::Site(unit.site_id), Room::Unit(unit.id)];
        if new.len() > 1 {
            let batch = SensorReadingsBatch { unit_id: unit.id, count: new.len(), readings: new };
            self.events.emit_to_room(caller.tenant, rooms, &batch);
        } else if let Some(reading) = new.pop() {
            self.events.emit_to_room(caller.tenant, rooms, &reading);
        }
    }
}
