//! Carriers, and whether one may be given a load.

use super::{id::CarrierId, time::Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Compliance {
    Approved,
    Suspended,
}

impl Compliance {
    pub const fn code(self) -> &'static str {
        match self {
            Compliance::Approved => "approved",
            Compliance::Suspended => "suspended",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Compliance::Approved, Compliance::Suspended].into_iter().find(|state| state.code() == code)
    }
}

/// A trucking company as the tenant knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CarrierProfile {
    pub id: CarrierId,
    pub name: String,
    /// Motor carrier number, given by the FMCSA; unique within the tenant.
    pub mc_number: String,
    pub phone: Option<String>,
    pub insurance_expires_at: Timestamp,
    pub compliance: Compliance,
}

/// Why a carrier can't be assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("its insurance expired on {}", .0.civil(0).month_day())]
    InsuranceExpired(Timestamp),
    #[error("its compliance is suspended")]
    Suspended,
}

impl Unfit {
    pub const fn code(self) -> &'static str {
        match self {
            Unfit::InsuranceExpired(_) => "insurance_expired",
            Unfit::Suspended => "compliance_suspended",
        }
    }
}

/// Whether a carrier may be given a load at `now`: it is not suspended and its insurance has not run out.
pub fn check_fitness(compliance: Compliance, insurance_expires_at: Timestamp, now: Timestamp) -> Result<(), Unfit> {
    if compliance == Compliance::Suspended {
        return Err(Unfit::Suspended);
    }
    if insurance_expires_at <= now {
        return Err(Unfit::InsuranceExpired(insurance_expires_at));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suspended_or_uninsured_carrier_is_unfit() {
        let now = Timestamp::from_millis(1_000);
        let later = now.plus(1);
        assert_eq!(check_fitness(Compliance::Approved, later, now), Ok(()));
        assert_eq!(check_fitness(Compliance::Approved, now, now), Err(Unfit::InsuranceExpired(now)));
        assert_eq!(check_fitness(Compliance::Suspended, later, now), Err(Unfit::Suspended));
    }
}
