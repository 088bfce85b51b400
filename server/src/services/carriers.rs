//! Carriers and their drivers: reading them, and every change of one.

use super::{
    Caller, ServiceError, Services,
    audit::{self, Noted},
    text,
};
use crate::{
    store::{
        Constraint, StoreError,
        carriers::{self, CarrierFilter},
    },
    stream::{Audience, Change},
};
use app::{
    api::{
        Page, PageInfo,
        audit::AuditAction,
        carriers::{CarrierPatch, CreateCarrier, DriverProfile},
    },
    domain::{
        carrier::{CarrierProfile, Compliance, Unfit},
        id::CarrierId,
    },
    events::{CarrierComplianceAlert, CarrierCreated, CarrierUpdated},
};
use serde_json::json;
use uuid::Uuid;

const NAME_CHARS: usize = 120;
const MC_NUMBER_CHARS: usize = 20;
const PHONE_CHARS: usize = 40;

/// Which carriers to list.
#[derive(Debug, Clone)]
pub struct CarrierRequest {
    pub search: Option<String>,
    pub fit: Option<bool>,
    /// Only those that follow this one.
    pub after: Option<CarrierId>,
    pub limit: i64,
}

impl Services {
    /// Carriers, by name.
    pub async fn list_carriers(
        &self,
        caller: &Caller,
        request: CarrierRequest,
    ) -> Result<Page<CarrierProfile>, ServiceError> {
        caller.check_staff("see carriers")?;
        let CarrierRequest { search, fit, after, limit } = request;
        let search = search.map(|search| search.trim().to_owned()).filter(|search| !search.is_empty());
        let filter = CarrierFilter { search, fit, now: self.clock.now() };
        let mut tx = self.database.begin_snapshot().await?;
        // One more than asked for tells whether there is a next page.
        let (mut data, total) = carriers::list(&mut tx, caller.tenant, &filter, after, limit.saturating_add(1)).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next = data.last().filter(|_| has_more).map(|carrier| carrier.id.to_string());
        Ok(Page { data, page: PageInfo { next, total } })
    }

    pub async fn carrier(&self, caller: &Caller, carrier: CarrierId) -> Result<CarrierProfile, ServiceError> {
        caller.check_staff("see carriers")?;
        let mut tx = self.database.begin_snapshot().await?;
        carriers::find(&mut tx, caller.tenant, carrier).await?.ok_or(ServiceError::NotFound("carrier"))
    }

    /// The drivers of a carrier, or of all of them, by name.
    pub async fn list_drivers(
        &self,
        caller: &Caller,
        carrier: Option<CarrierId>,
    ) -> Result<Page<DriverProfile>, ServiceError> {
        caller.check_staff("see drivers")?;
        let mut tx = self.database.begin_snapshot().await?;
        if let Some(carrier) = carrier {
            carriers::find(&mut tx, caller.tenant, carrier).await?.ok_or(ServiceError::NotFound("carrier"))?;
        }
        let drivers = carriers::list_drivers(&mut tx, caller.tenant, carrier).await?;
        let total = drivers.len() as i64;
        let profile = |driver: carriers::Driver| DriverProfile {
            id: driver.id,
            carrier_id: driver.carrier_id,
            name: driver.name,
            phone: driver.phone,
        };
        let data = drivers.into_iter().map(profile).collect();
        Ok(Page { data, page: PageInfo { next: None, total } })
    }

    pub async fn create_carrier(
        &self,
        caller: &Caller,
        request: CreateCarrier,
    ) -> Result<CarrierProfile, ServiceError> {
        caller.check_manages("add carriers")?;
        let carrier = CarrierProfile {
            id: CarrierId(Uuid::now_v7()),
            name: text::line("name", &request.name, NAME_CHARS)?,
            mc_number: mc_number(&request.mc_number)?,
            phone: request.phone.map(|phone| phone_number(&phone)).transpose()?.flatten(),
            insurance_expires_at: request.insurance_expires_at,
            compliance: request.compliance.unwrap_or(Compliance::Approved),
        };
        let mut change = self.begin(caller).await?;
        carriers::insert(&mut change.tx, caller.tenant, &carrier).await.map_err(|error| refused(error, &carrier))?;
        change.record(&Audience::default(), None, &CarrierCreated(carrier.clone()))?;
        let noted = Noted::new(AuditAction::CarrierCreated).of("carrier", carrier.id);
        audit::note(&mut change.tx, caller, change.now, noted.with(json!({ "after": carrier }))).await?;
        record_alert(&mut change, None, &carrier)?;
        change.commit().await?;
        Ok(carrier)
    }

    /// Changes what the patch names.
    pub async fn patch_carrier(
        &self,
        caller: &Caller,
        carrier: CarrierId,
        patch: CarrierPatch,
    ) -> Result<CarrierProfile, ServiceError> {
        caller.check_manages("change carriers")?;
        let mut change = self.begin(caller).await?;
        carriers::lock(&mut change.tx, caller.tenant, carrier).await?;
        change.read_clock();
        let before = carriers::find(&mut change.tx, caller.tenant, carrier).await?;
        let before = before.ok_or(ServiceError::NotFound("carrier"))?;
        let mut after = before.clone();
        if let Some(name) = patch.name {
            after.name = text::line("name", &name, NAME_CHARS)?;
        }
        if let Some(number) = patch.mc_number {
            after.mc_number = mc_number(&number)?;
        }
        if let Some(phone) = patch.phone {
            after.phone = phone_number(&phone)?;
        }
        after.insurance_expires_at = patch.insurance_expires_at.unwrap_or(after.insurance_expires_at);
        after.compliance = patch.compliance.unwrap_or(after.compliance);
        if after == before {
            return Ok(after);
        }
        carriers::update(&mut change.tx, caller.tenant, &after).await.map_err(|error| refused(error, &after))?;
        change.record(&Audience::default(), None, &CarrierUpdated(after.clone()))?;
        let noted = Noted::new(AuditAction::CarrierChanged).of("carrier", after.id);
        let noted = noted.with(json!({ "before": before, "after": after }));
        audit::note(&mut change.tx, caller, change.now, noted).await?;
        record_alert(&mut change, Some(&before), &after)?;
        change.commit().await?;
        Ok(after)
    }
}

/// Tells the staff where a change is why a carrier may not be given loads.
fn record_alert(
    change: &mut Change,
    before: Option<&CarrierProfile>,
    after: &CarrierProfile,
) -> Result<(), StoreError> {
    let is_new = |same: fn(&CarrierProfile, &CarrierProfile) -> bool| before.is_none_or(|before| !same(before, after));
    let mut reasons = Vec::new();
    if after.compliance == Compliance::Suspended && is_new(|a, b| a.compliance == b.compliance) {
        reasons.push(Unfit::Suspended.to_string());
    }
    // Where a suspension is lifted, the insurance is what is left in the way.
    let is_news = is_new(|a, b| a.insurance_expires_at == b.insurance_expires_at)
        || (after.compliance == Compliance::Approved && is_new(|a, b| a.compliance == b.compliance));
    if after.insurance_expires_at <= change.now && is_news {
        reasons.push(Unfit::InsuranceExpired(after.insurance_expires_at).to_string());
    }
    if reasons.is_empty() {
        return Ok(());
    }
    let alert = CarrierComplianceAlert {
        carrier_id: after.id,
        carrier_name: after.name.clone(),
        compliance: after.compliance,
        insurance_expires_at: after.insurance_expires_at,
        message: format!("{} can't be assigned: {}.", after.name, reasons.join(", and ")),
    };
    change.record(&Audience::default(), None, &alert)
}

/// In capitals, so that one number is not taken for two.
fn mc_number(text: &str) -> Result<String, ServiceError> {
    let number = text.trim().to_uppercase();
    let fits = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits && (1..=MC_NUMBER_CHARS).contains(&number.len()) {
        Ok(number)
    } else {
        Err(ServiceError::field("mcNumber", format_args!("takes 1 to {MC_NUMBER_CHARS} letters, digits and hyphens")))
    }
}

fn phone_number(text: &str) -> Result<Option<String>, ServiceError> {
    if text.trim().is_empty() { Ok(None) } else { text::line("phone", text, PHONE_CHARS).map(Some) }
}

fn refused(error: StoreError, carrier: &CarrierProfile) -> ServiceError {
    match error.constraint() {
        Some(Constraint::CarrierMcNumber) => {
            ServiceError::taken("mcNumber", format!("Another carrier has the MC number {} already.", carrier.mc_number))
        }
        _ => error.into(),
    }
}
