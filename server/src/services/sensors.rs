//! The cold chain: sites and units, what their sensors report, and the alerts that follow.

mod alerts;
mod hot;
mod report;
mod sites;
mod units;
mod values;

pub use hot::HotReadings;

use super::{Caller, ServiceError, Services};
use crate::store::{self, units::Watched};
use app::{
    api::{Page, PageInfo},
    domain::{
        id::{SiteId, UnitId},
        role::Permission,
        time::Timestamp,
    },
    events::SensorReading,
};

/// Which readings of a unit to list, newest first.
#[derive(Debug, Clone)]
pub struct ReadingRequest {
    /// Only those that were taken earlier.
    pub before: Option<Timestamp>,
    pub limit: usize,
}

/// The next part of a list.
#[derive(Debug, Clone)]
pub struct PageRequest<Id> {
    /// Only what follows this one.
    pub cursor: Option<Id>,
    pub limit: usize,
}

impl<Id> PageRequest<Id> {
    /// One more than asked for tells whether there is a next page.
    fn probe(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }
}

/// A page of what was read with [`PageRequest::probe`], with the cursor of its last.
fn page<T>(mut found: Vec<T>, total: i64, limit: usize, cursor: impl Fn(&T) -> String) -> Page<T> {
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(cursor);
    Page { data: found, page: PageInfo { next, total } }
}

impl Services {
    /// The newest reading of a unit, by the time it was taken.
    pub async fn latest_reading(&self, caller: &Caller, unit: UnitId) -> Result<Option<SensorReading>, ServiceError> {
        Ok(self.newest_readings(caller, unit, 1).await?.pop())
    }

    /// Readings of a unit, newest first. The next page begins before the last of this one.
    pub async fn list_readings(
        &self,
        caller: &Caller,
        unit: UnitId,
        request: ReadingRequest,
    ) -> Result<Page<SensorReading>, ServiceError> {
        let ReadingRequest { before, limit } = request;
        let cursor = |reading: &SensorReading| reading.recorded_at.to_string();
        if before.is_none() && limit <= hot::KEPT {
            let data = self.newest_readings(caller, unit, limit).await?;
            let mut tx = self.database.begin_snapshot().await?;
            let total = store::readings::count(&mut tx, unit).await?;
            let has_more = usize::try_from(total).is_ok_and(|total| total > data.len());
            let next = data.last().filter(|_| has_more).map(cursor);
            return Ok(Page { data, page: PageInfo { next, total } });
        }
        let mut tx = self.database.begin_snapshot().await?;
        visible_unit(&mut tx, caller, unit).await?;
        let probe = PageRequest { cursor: before, limit }.probe();
        let found = store::readings::list(&mut tx, unit, before, probe).await?;
        let total = store::readings::count(&mut tx, unit).await?;
        Ok(page(found, total, limit, cursor))
    }

    /// Up to `count` readings of a unit, newest first: from memory, where they are there and sure to be all.
    async fn newest_readings(
        &self,
        caller: &Caller,
        unit: UnitId,
        count: usize,
    ) -> Result<Vec<SensorReading>, ServiceError> {
        if !caller.role.is_staff() {
            return Err(ServiceError::NotFound("unit"));
        }
        if let Some(readings) = self.hot.newest(caller.tenant, unit, count) {
            return Ok(readings);
        }
        // Before the look into the database, so that what is stored meanwhile is not missed.
        let filling = self.hot.begin_filling(caller.tenant, unit);
        let mut tx = self.database.begin_snapshot().await?;
        if let Err(error) = visible_unit(&mut tx, caller, unit).await {
            if matches!(error, ServiceError::NotFound(_)) {
                self.hot.give_up(filling);
            }
            return Err(error);
        }
        let mut readings = store::readings::list(&mut tx, unit, None, hot::KEPT as i64).await?;
        self.hot.fill(filling, &readings);
        readings.truncate(count);
        Ok(readings)
    }

    /// Whether the caller may hear the readings of this site.
    pub async fn sees_site(&self, caller: &Caller, site: SiteId) -> Result<bool, ServiceError> {
        let mut tx = self.database.begin_snapshot().await?;
        Ok(caller.role.is_staff() && store::sites::find(&mut tx, caller.tenant, site).await?.is_some())
    }

    /// Whether the caller may hear the readings of this unit.
    pub async fn sees_unit(&self, caller: &Caller, unit: UnitId) -> Result<bool, ServiceError> {
        let mut tx = self.database.begin_snapshot().await?;
        Ok(caller.role.is_staff() && store::units::find(&mut tx, caller.tenant, unit).await?.is_some())
    }
}

/// A unit of the tenant. Outside parties see none.
async fn visible_unit(tx: &mut store::Tx, caller: &Caller, unit: UnitId) -> Result<Watched, ServiceError> {
    let found = if caller.role.is_staff() { store::units::find(tx, caller.tenant, unit).await? } else { None };
    found.ok_or(ServiceError::NotFound("unit"))
}

fn require_staff(caller: &Caller) -> Result<(), ServiceError> {
    if caller.role.is_staff() {
        return Ok(());
    }
    Err(ServiceError::Forbidden { rule: "staff_only", message: "The cold chain is for the staff alone.".into() })
}

fn require_management(caller: &Caller) -> Result<(), ServiceError> {
    if caller.may(Permission::TenantManage) {
        return Ok(());
    }
    let message = "Your role may not manage sites and units.".into();
    Err(ServiceError::Forbidden { rule: "tenant_manage", message })
}
