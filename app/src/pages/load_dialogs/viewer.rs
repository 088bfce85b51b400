//! The person who looks at loads, as far as rules look at a person.

use crate::{
    api::auth::User,
    domain::{
        id::{CarrierId, DriverId, UserId},
        role::{Permission, Role},
    },
};

/// The person at a page of loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    pub id: UserId,
    pub role: Role,
    /// The carrier whose office this is.
    pub carrier: Option<CarrierId>,
    /// The driver that this is.
    pub driver: Option<DriverId>,
}

impl Viewer {
    pub fn of(user: &User) -> Self {
        Self { id: user.id, role: user.role, carrier: user.carrier_id, driver: user.driver_id }
    }

    /// Whether the person may say where the truck is and when it will come. A load that a driver sees is the driver's.
    pub fn may_report(self) -> bool {
        self.role.may(Permission::CheckCall) || self.role == Role::Driver
    }
}
