//! The users of each demo tenant.

use super::{carriers::SWIFT, drivers::CARLOS};
use app::domain::role::Role;

/// A person who can log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPlan {
    /// `NAME@TENANT.test`.
    pub email: String,
    pub name: &'static str,
    pub role: Role,
    /// The carrier whose office or driver it is: index in [`TenantPlan::carriers`](super::TenantPlan::carriers).
    pub carrier: Option<usize>,
    /// The driver it is: index in [`TenantPlan::drivers`](super::TenantPlan::drivers).
    pub driver: Option<usize>,
}

/// What the contract calls each, and its role.
pub const LOGINS: [(&str, Role); 7] = [
    ("admin", Role::Admin),
    ("sarah", Role::OpsManager),
    ("maria", Role::Dispatcher),
    ("john", Role::Dispatcher),
    ("sam", Role::Support),
    ("swift", Role::Carrier),
    ("carlos", Role::Driver),
];

/// Index of the ops manager and of the two dispatchers.
pub const SARAH: usize = 1;
pub const MARIA: usize = 2;
pub const JOHN: usize = 3;

/// The users of a tenant, in the order of [`LOGINS`].
pub fn users(slug: &str, names: &[&'static str; 7]) -> Vec<UserPlan> {
    let user = |((login, role), name): (&(&str, Role), &&'static str)| UserPlan {
        email: format!("{login}@{slug}.test"),
        name,
        role: *role,
        carrier: (!role.is_staff()).then_some(SWIFT),
        driver: (*role == Role::Driver).then_some(CARLOS),
    };
    LOGINS.iter().zip(names).map(user).collect()
}
