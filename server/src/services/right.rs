//! What callers may do by their role alone: judged before anything that depends on what they do it to.

use super::{Caller, ServiceError};
use app::domain::role::{Permission, Role};

/// A right that a change needs. Whether the load, stop or unit is the caller's to see is judged apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Whoever is logged in.
    Anyone,
    ChangeLoads,
    /// Take a step of the status: those who change loads, and carriers and drivers with their own.
    MoveLoads,
    /// Accept or turn down a tender: those who change loads, and the carrier that it was offered to.
    AnswerTenders,
    /// Note that a truck has come or left: those who change loads, and its driver.
    PassStops,
    /// Note check calls and ETAs: those who take check calls, and the driver.
    CheckCalls,
    /// Those who change loads, and carriers and drivers for their own.
    ReportPositions,
    /// Staff who change loads.
    ReportReadings,
    /// The staff of the tenant; what completes "Only staff may".
    Staff(&'static str),
    /// Whoever runs the tenant; what completes "Only an admin may".
    Manage(&'static str),
}

impl Right {
    /// Refuses a caller whose role has not the right.
    pub fn judge(self, caller: &Caller) -> Result<(), ServiceError> {
        let changes = caller.may(Permission::LoadChange);
        let forbid = |rule, message: &str| Err(ServiceError::Forbidden { rule, message: message.into() });
        match (self, caller.role) {
            (Right::Anyone, _) => Ok(()),
            (Right::MoveLoads | Right::ReportPositions, Role::Carrier | Role::Driver) => Ok(()),
            (Right::AnswerTenders, Role::Carrier) => Ok(()),
            (Right::PassStops | Right::CheckCalls, Role::Driver) => Ok(()),
            (Right::CheckCalls, _) if caller.may(Permission::CheckCall) => Ok(()),
            (Right::CheckCalls, _) => forbid("check_call", "Your role may not note check calls and ETAs."),
            (Right::ReportReadings, role) if changes && role.is_staff() => Ok(()),
            (Right::ReportReadings, _) => forbid("load_change", "Your role may not report readings."),
            (Right::ReportPositions, _) if !changes => forbid("load_change", "Your role may not report positions."),
            (Right::Staff(what), _) => caller.check_staff(what),
            (Right::Manage(what), _) => caller.check_manages(what),
            _ if changes => Ok(()),
            _ => Err(ServiceError::no_right_to_change()),
        }
    }
}
