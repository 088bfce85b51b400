//! Sites.

use super::{
    super::{Caller, ServiceError, Services},
    PageRequest, page, require_management, require_staff, values,
};
use crate::store;
use app::{
    api::{
        Page,
        cold_chain::{CreateSite, Site},
    },
    domain::id::SiteId,
};
use uuid::Uuid;

impl Services {
    pub async fn create_site(&self, caller: &Caller, request: CreateSite) -> Result<Site, ServiceError> {
        require_management(caller)?;
        let site = Site {
            id: SiteId(Uuid::now_v7()),
            name: values::name("name", &request.name)?,
            city: values::name("city", &request.city)?,
            state: values::state(&request.state)?,
        };
        let mut tx = self.database.begin_write().await?;
        store::sites::insert(&mut tx, caller.tenant, &site).await?;
        store::idempotency::note_done(&mut tx).await?;
        store::commit(tx).await?;
        Ok(site)
    }

    /// Sites, oldest first.
    pub async fn list_sites(&self, caller: &Caller, request: PageRequest<SiteId>) -> Result<Page<Site>, ServiceError> {
        require_staff(caller)?;
        let mut tx = self.database.begin_snapshot().await?;
        let (sites, total) = store::sites::list(&mut tx, caller.tenant, request.cursor, request.probe()).await?;
        Ok(page(sites, total, request.limit, |site| site.id.to_string()))
    }
}
