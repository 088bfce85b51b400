//! The status machine of a load: which step may be taken, by whom, and what it needs.

use super::role::{Permission, Role};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a load stands. Declared in the order in which it is worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LoadStatus {
    Planning,
    Pending,
    Tendered,
    Accepted,
    Dispatched,
    AtPickup,
    PickedUp,
    InTransit,
    AtDelivery,
    Delivered,
    Completed,
    Cancelled,
}

use LoadStatus::*;

impl LoadStatus {
    pub const ALL: [LoadStatus; 12] = [
        Planning, Pending, Tendered, Accepted, Dispatched, AtPickup, PickedUp, InTransit, AtDelivery, Delivered,
        Completed, Cancelled,
    ];

    /// As the contract writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Planning => "PLANNING",
            Pending => "PENDING",
            Tendered => "TENDERED",
            Accepted => "ACCEPTED",
            Dispatched => "DISPATCHED",
            AtPickup => "AT_PICKUP",
            PickedUp => "PICKED_UP",
            InTransit => "IN_TRANSIT",
            AtDelivery => "AT_DELIVERY",
            Delivered => "DELIVERED",
            Completed => "COMPLETED",
            Cancelled => "CANCELLED",
        }
    }

    /// Whether the driver is to be heard of regularly: while there is freight on the truck, and no dock in sight.
    pub const fn is_heard_of(self) -> bool {
        matches!(self, PickedUp | InTransit)
    }

    /// From the contract's word.
    pub fn from_code(code: &str) -> Option<LoadStatus> {
        LoadStatus::ALL.into_iter().find(|status| status.code() == code)
    }

    /// As a person reads it.
    pub const fn label(self) -> &'static str {
        match self {
            Planning => "Planning",
            Pending => "Pending",
            Tendered => "Tendered",
            Accepted => "Accepted",
            Dispatched => "Dispatched",
            AtPickup => "At pickup",
            PickedUp => "Picked up",
            InTransit => "In transit",
            AtDelivery => "At delivery",
            Delivered => "Delivered",
            Completed => "Completed",
            Cancelled => "Cancelled",
        }
    }

    /// The step forward from here; none from the end or from a cancelled load.
    pub const fn next(self) -> Option<LoadStatus> {
        Some(match self {
            Planning => Pending,
            Pending => Tendered,
            Tendered => Accepted,
            Accepted => Dispatched,
            Dispatched => AtPickup,
            AtPickup => PickedUp,
            PickedUp => InTransit,
            InTransit => AtDelivery,
            AtDelivery => Delivered,
            Delivered => Completed,
            Completed | Cancelled => return None,
        })
    }

    pub const fn is_final(self) -> bool {
        matches!(self, Completed | Cancelled)
    }

    /// The freight is on the truck, or was.
    pub fn is_picked_up(self) -> bool {
        (PickedUp..=Completed).contains(&self)
    }

    /// The lane of the board that shows it; a cancelled load is in none.
    pub const fn lane(self) -> Option<Lane> {
        Some(match self {
            Planning | Pending => Lane::Unassigned,
            Tendered => Lane::Tendered,
            Accepted | Dispatched => Lane::Dispatched,
            AtPickup | PickedUp | InTransit | AtDelivery => Lane::InTransit,
            Delivered => Lane::Delivered,
            Completed => Lane::Completed,
            Cancelled => return None,
        })
    }
}

impl fmt::Display for LoadStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A lane of the Dispatch Board, left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    Unassigned,
    Tendered,
    Dispatched,
    InTransit,
    Delivered,
    Completed,
}

impl Lane {
    pub const ALL: [Lane; 6] =
        [Lane::Unassigned, Lane::Tendered, Lane::Dispatched, Lane::InTransit, Lane::Delivered, Lane::Completed];

    pub const fn label(self) -> &'static str {
        match self {
            Lane::Unassigned => "Unassigned",
            Lane::Tendered => "Tendered",
            Lane::Dispatched => "Dispatched",
            Lane::InTransit => "In Transit",
            Lane::Delivered => "Delivered",
            Lane::Completed => "Completed",
        }
    }

    /// As it stands in addresses and hooks.
    pub const fn code(self) -> &'static str {
        match self {
            Lane::Unassigned => "unassigned",
            Lane::Tendered => "tendered",
            Lane::Dispatched => "dispatched",
            Lane::InTransit => "in-transit",
            Lane::Delivered => "delivered",
            Lane::Completed => "completed",
        }
    }

    pub fn from_code(code: &str) -> Option<Lane> {
        Lane::ALL.into_iter().find(|lane| lane.code() == code)
    }

    /// The statuses that the lane holds, in order.
    pub fn statuses(self) -> impl Iterator<Item = LoadStatus> {
        LoadStatus::ALL.into_iter().filter(move |status| status.lane() == Some(self))
    }

    /// What dropping a load of this status on the lane asks for: the next status where the lane holds it,
    /// else the status of the lane that is nearest to where the load stands.
    pub fn target(self, from: LoadStatus) -> LoadStatus {
        let nearest =
            if from.lane().is_some_and(|lane| lane > self) { self.statuses().last() } else { self.statuses().next() };
        match from.next() {
            Some(next) if next.lane() == Some(self) => next,
            _ => nearest.unwrap_or(from),
        }
    }
}

/// Who asks for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mover {
    pub role: Role,
    /// The load is this carrier's or this driver's. Staff need not own it.
    pub owns: bool,
}

/// What kind of step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Forward,
    /// Back to an earlier status, with a reason.
    Revert,
    /// The carrier turned the tender down, or its window ran out.
    Decline,
    Cancel,
    /// A completed load is worked again.
    Reopen,
}

/// Why a step is refused. The message is meant for the person who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the load is already {0}")]
    Already(LoadStatus),
    #[error("{0} is final")]
    Final(LoadStatus),
    #[error("{from} can't become {to}; the next step is {}", .next.label())]
    NotNext { from: LoadStatus, to: LoadStatus, next: LoadStatus },
    #[error("it has no carrier; assign one before tendering")]
    NoCarrier,
    #[error("a reason is needed")]
    ReasonRequired,
    #[error("{}", denied(*.0))]
    Forbidden(Permission),
    #[error("this step is not yours to take")]
    NotYours,
    #[error("after pickup only an admin may cancel")]
    AdminCancels,
    #[error("only an admin may reopen a completed load")]
    AdminReopens,
    #[error("its tender has come back; offer it anew")]
    TenderOver,
    #[error("the step was taken back already")]
    Undone,
}

fn denied(permission: Permission) -> &'static str {
    match permission {
        Permission::LoadStatusRevert => "a step back needs an ops manager",
        Permission::LoadCancel => "cancelling needs an ops manager",
        _ => "your role may not change loads",
    }
}

impl Refusal {
    /// The machine-readable name of the rule.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Already(_) => "already_in_status",
            Refusal::Final(_) => "status_final",
            Refusal::NotNext { .. } => "not_the_next_status",
            Refusal::NoCarrier => "carrier_required",
            Refusal::ReasonRequired => "reason_required",
            Refusal::Forbidden(Permission::LoadStatusRevert) => "load_status_revert",
            Refusal::Forbidden(Permission::LoadCancel) => "load_cancel",
            Refusal::Forbidden(_) => "load_change",
            Refusal::NotYours => "not_yours",
            Refusal::AdminCancels => "admin_cancels_after_pickup",
            Refusal::AdminReopens => "admin_reopens",
            Refusal::TenderOver => "tender_over",
            Refusal::Undone => "nothing_to_undo",
        }
    }

    /// The role lacks a right (403), as opposed to a rule that would stop anybody (422).
    pub const fn is_about_permission(self) -> bool {
        matches!(self, Refusal::Forbidden(_) | Refusal::NotYours | Refusal::AdminCancels | Refusal::AdminReopens)
    }
}

/// What an undone step is said to have been taken back for.
pub const UNDONE: &str = "Undone.";

/// Why the tender of a load has come back with a step, if it has: it was declined, expired or withdrawn.
pub fn tender_returned(from: LoadStatus, to: LoadStatus, reason: Option<&str>) -> Option<&str> {
    reason.filter(|reason| (from, to) == (Tendered, Pending) && *reason != UNDONE)
}

/// Decides whether a person's own last step, from `from` to `to`, can be taken back: not one that has ended the load or
/// its tender, and not one that took another back. `reason`: that of the step.
pub fn check_undo(from: LoadStatus, to: LoadStatus, reason: Option<&str>) -> Result<(), Refusal> {
    match (from, to) {
        _ if reason == Some(UNDONE) => Err(Refusal::Undone),
        (_, Completed | Cancelled) => Err(Refusal::Final(to)),
        (Tendered, Pending) => Err(Refusal::TenderOver),
        _ => Ok(()),
    }
}

/// Decides whether a load may go from `from` to `to`.
///
/// Permission is judged before the load's own rules, so that a person who may not learns only that.
/// The reason is asked for last: a board can try without one, and ask the person only where it is the one thing missing.
pub fn check_step(
    mover: Mover,
    from: LoadStatus,
    to: LoadStatus,
    has_carrier: bool,
    reason: Option<&str>,
) -> Result<Step, Refusal> {
    let step = if from == to { Err(Refusal::Already(from)) } else { kind(mover.role, from, to) };
    let step = step.map_err(|refusal| check_reach(mover, to).err().unwrap_or(refusal))?;
    permit(mover, step, from, to)?;
    if step == Step::Forward && to == Tendered && !has_carrier {
        return Err(Refusal::NoCarrier);
    }
    if step == Step::Revert && (Tendered..=Delivered).contains(&to) && !has_carrier {
        return Err(Refusal::NoCarrier);
    }
    if step != Step::Forward && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Refusal::ReasonRequired);
    }
    Ok(step)
}

/// Refuses whoever could take no load to a status, wherever it stands.
pub fn check_reach(mover: Mover, to: LoadStatus) -> Result<(), Refusal> {
    let steps = LoadStatus::ALL.into_iter().filter(|from| *from != to);
    let mut refusals = Vec::new();
    for from in steps {
        let Ok(step) = kind(mover.role, from, to) else { continue };
        match permit(mover, step, from, to) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusals.push((step, refusal)),
        }
    }
    // The way forward is what they will have meant.
    let forward = refusals.iter().find(|(step, _)| *step == Step::Forward).or(refusals.first());
    forward.map_or(Ok(()), |(_, refusal)| Err(*refusal))
}

/// Sorts a pair of statuses into a kind of step, or says that no such step exists.
fn kind(role: Role, from: LoadStatus, to: LoadStatus) -> Result<Step, Refusal> {
    match (from, to) {
        (Cancelled, _) => Err(Refusal::Final(from)),
        (Completed, Delivered) => Ok(Step::Reopen),
        (Completed, _) => Err(Refusal::Final(from)),
        (_, Cancelled) => Ok(Step::Cancel),
        (Tendered, Pending) if !role.is_staff() => Ok(Step::Decline),
        _ if to < from => Ok(Step::Revert),
        _ => match from.next() {
            Some(next) if next == to => Ok(Step::Forward),
            Some(next) => Err(Refusal::NotNext { from, to, next }),
            None => Err(Refusal::Final(from)),
        },
    }
}

fn permit(mover: Mover, step: Step, from: LoadStatus, to: LoadStatus) -> Result<(), Refusal> {
    let role = mover.role;
    let needs = |permission| if role.may(permission) { Ok(()) } else { Err(Refusal::Forbidden(permission)) };
    match step {
        Step::Decline => own(mover, Role::Carrier),
        Step::Forward if role == Role::Carrier && to == Accepted => own(mover, Role::Carrier),
        Step::Forward if role == Role::Driver && (AtPickup..=Delivered).contains(&to) => own(mover, Role::Driver),
        Step::Forward => needs(Permission::LoadChange),
        Step::Revert => needs(Permission::LoadStatusRevert),
        Step::Cancel => {
            needs(Permission::LoadCancel)?;
            if from.is_picked_up() && role != Role::Admin { Err(Refusal::AdminCancels) } else { Ok(()) }
        }
        Step::Reopen => {
            if role == Role::Admin {
                Ok(())
            } else {
                Err(Refusal::AdminReopens)
            }
        }
    }
}

fn own(mover: Mover, role: Role) -> Result<(), Refusal> {
    if mover.role == role && mover.owns { Ok(()) } else { Err(Refusal::NotYours) }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
