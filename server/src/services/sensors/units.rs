//! Units.

use super::{
    super::{Caller, ServiceError, Services},
    PageRequest, page, require_management, require_staff, values, visible_unit,
};
use crate::store::{self, Tx, loads::Scope, units::Watched};
use app::{
    api::{
        Page,
        cold_chain::{CreateUnit, Unit, UnitPatch},
    },
    domain::id::{LoadId, SiteId, UnitId},
};
use uuid::Uuid;

impl Services {
    pub async fn create_unit(&self, caller: &Caller, request: CreateUnit) -> Result<Unit, ServiceError> {
        require_management(caller)?;
        let unit = Unit {
            id: UnitId(Uuid::now_v7()),
            site_id: request.site_id,
            name: values::name("name", &request.name)?,
            kind: request.kind,
            min_temperature: request.min_temperature,
            max_temperature: request.max_temperature,
            min_duration_ms: request.min_duration_ms,
            load_id: request.load_id,
        };
        values::limits(&unit)?;
        let mut tx = self.database.begin_write().await?;
        require_site(&mut tx, caller, unit.site_id).await?;
        require_load(&mut tx, caller, unit.load_id).await?;
        store::units::insert(&mut tx, caller.tenant, &unit).await?;
        store::idempotency::note_done(&mut tx).await?;
        store::commit(tx).await?;
        Ok(unit)
    }

    /// Units, oldest first; of one site where one is named.
    pub async fn list_units(
        &self,
        caller: &Caller,
        site: Option<SiteId>,
        request: PageRequest<UnitId>,
    ) -> Result<Page<Unit>, ServiceError> {
        require_staff(caller)?;
        let mut tx = self.database.begin_snapshot().await?;
        let (units, total) = store::units::list(&mut tx, caller.tenant, site, request.cursor, request.probe()).await?;
        Ok(page(units, total, request.limit, |unit| unit.id.to_string()))
    }

    pub async fn unit(&self, caller: &Caller, unit: UnitId) -> Result<Unit, ServiceError> {
        let mut tx = self.database.begin_snapshot().await?;
        Ok(visible_unit(&mut tx, caller, unit).await?.unit)
    }

    /// Changes what the patch names. New limits are held against the newest reading at once: an alert may follow, or end.
    pub async fn patch_unit(&self, caller: &Caller, unit: UnitId, patch: UnitPatch) -> Result<Unit, ServiceError> {
        let mut change = self.begin(caller).await?;
        store::units::lock(&mut change.tx, caller.tenant, unit).await?;
        change.read_clock();
        let before = visible_unit(&mut change.tx, caller, unit).await?;
        require_management(caller)?;
        let now = before.unit.clone();
        let after = Unit {
            site_id: patch.site_id.unwrap_or(now.site_id),
            name: patch.name.map_or(Ok(now.name), |name| values::name("name", &name))?,
            min_temperature: patch.min_temperature.unwrap_or(now.min_temperature),
            max_temperature: patch.max_temperature.unwrap_or(now.max_temperature),
            min_duration_ms: patch.min_duration_ms.unwrap_or(now.min_duration_ms),
            load_id: patch.load_id.unwrap_or(now.load_id),
            ..now
        };
        values::limits(&after)?;
        require_site(&mut change.tx, caller, after.site_id).await?;
        if after.load_id != before.unit.load_id {
            require_load(&mut change.tx, caller, after.load_id).await?;
        }
        store::units::update(&mut change.tx, caller.tenant, &after).await?;
        let changed = Watched { unit: after, ..before.clone() };
        if changed.limits() != before.limits() {
            super::alerts::judge_anew(&mut change, &changed).await?;
        }
        change.commit().await?;
        Ok(changed.unit)
    }
}

async fn require_site(tx: &mut Tx, caller: &Caller, site: SiteId) -> Result<(), ServiceError> {
    store::sites::find(tx, caller.tenant, site).await?.map(drop).ok_or(ServiceError::NotFound("site"))
}

async fn require_load(tx: &mut Tx, caller: &Caller, load: Option<LoadId>) -> Result<(), ServiceError> {
    let Some(load) = load else { return Ok(()) };
    store::loads::find(tx, caller.tenant, Scope::Tenant, load).await?.map(drop).ok_or(ServiceError::NotFound("load"))
}
