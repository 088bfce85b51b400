//! Who asks: the tenant and the rights that every service is called with.

use super::ServiceError;
use crate::{
    store::loads::Scope,
    stream::{StreamKey, StreamName},
};
use app::{
    domain::{
        id::{CarrierId, DriverId, TenantId},
        load::Person,
        role::{Permission, Role},
        status::Mover,
    },
    events::Namespace,
};
use std::net::IpAddr;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub tenant: TenantId,
    pub role: Role,
    /// None where the system itself acts.
    pub person: Option<Person>,
    pub carrier: Option<CarrierId>,
    pub driver: Option<DriverId>,
    /// The network address that the request came from, where it came over the network.
    pub address: Option<IpAddr>,
}

impl Caller {
    /// The system itself, which may do what an admin may.
    pub fn system(tenant: TenantId) -> Self {
        Self { tenant, role: Role::Admin, person: None, carrier: None, driver: None, address: None }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }

    /// Refuses outside parties. `what` completes "Only staff may".
    pub(super) fn check_staff(&self, what: &str) -> Result<(), ServiceError> {
        if self.role.is_staff() {
            return Ok(());
        }
        Err(ServiceError::Forbidden { rule: "staff_only", message: format!("Only staff may {what}.") })
    }

    /// Refuses whoever does not run the tenant. `what` completes "Only an admin may".
    pub(super) fn check_manages(&self, what: &str) -> Result<(), ServiceError> {
        if self.may(Permission::TenantManage) {
            return Ok(());
        }
        Err(ServiceError::Forbidden { rule: "tenant_manage", message: format!("Only an admin may {what}.") })
    }

    pub fn sees_finance(&self) -> bool {
        self.may(Permission::FinanceView)
    }

    /// Which loads this caller sees; `None` for an outside party that is tied to no carrier or driver.
    pub fn scope(&self) -> Option<Scope> {
        match self.role {
            role if role.is_staff() => Some(Scope::Tenant),
            Role::Carrier => self.carrier.map(Scope::Carrier),
            _ => self.driver.map(Scope::Driver),
        }
    }

    /// As the status machine knows it. A load that an outside party can see is its own.
    pub fn mover(&self) -> Mover {
        Mover { role: self.role, owns: !self.role.is_staff() }
    }

    /// The stream of the audience that this caller belongs to; `None` for an outside party that is tied to nothing.
    pub fn stream(&self, namespace: Namespace) -> Option<StreamKey> {
        let stream = match self.role {
            role if role.is_staff() => StreamName::Tenant,
            Role::Carrier => StreamName::Carrier(self.carrier?),
            _ => StreamName::User(self.person.as_ref()?.id),
        };
        Some(StreamKey { tenant: self.tenant, namespace, stream })
    }

    /// Every stream that this caller sees whole: that of the audience, and one's own where the namespace is personal.
    pub fn streams(&self, namespace: Namespace) -> Vec<StreamKey> {
        let own = self.person.as_ref().filter(|_| namespace.is_personal()).map(|person| StreamName::User(person.id));
        let own = own.map(|stream| StreamKey { tenant: self.tenant, namespace, stream });
        let mut streams: Vec<_> = self.stream(namespace).into_iter().collect();
        streams.extend(own.filter(|own| !streams.contains(own)));
        streams
    }
}
