//! Roles and what each may do: the table of permissions.

use serde::{Deserialize, Serialize};

/// What a person is in the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    OpsManager,
    Dispatcher,
    Support,
    /// A carrier's office: an outside party.
    Carrier,
    /// A driver of a carrier: an outside party.
    Driver,
}

/// A right that a role has or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See every load of the tenant, not only one's own.
    LoadViewAll,
    /// Create, change, tender, assign and dispatch loads.
    LoadChange,
    LoadStatusRevert,
    LoadCancel,
    /// Give a load to a carrier whose insurance has expired or whose compliance is suspended.
    ComplianceOverride,
    /// Rates, margin, revenue.
    FinanceView,
    /// Log check calls on any load of the tenant.
    CheckCall,
    /// Users, carriers, facilities, webhooks.
    TenantManage,
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Admin, Role::OpsManager, Role::Dispatcher, Role::Support, Role::Carrier, Role::Driver];

    /// The table of permissions, row by row.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::Admin => &[
                LoadViewAll,
                LoadChange,
                LoadStatusRevert,
                LoadCancel,
                ComplianceOverride,
                FinanceView,
                CheckCall,
                TenantManage,
            ],
            Role::OpsManager => {
                &[LoadViewAll, LoadChange, LoadStatusRevert, LoadCancel, ComplianceOverride, FinanceView, CheckCall]
            }
            Role::Dispatcher => &[LoadViewAll, LoadChange, CheckCall],
            Role::Support => &[LoadViewAll],
            Role::Carrier | Role::Driver => &[],
        }
    }

    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Staff of the tenant, as opposed to the outside parties.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Role::Carrier | Role::Driver)
    }

    /// As the contract writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::OpsManager => "ops_manager",
            Role::Dispatcher => "dispatcher",
            Role::Support => "support",
            Role::Carrier => "carrier",
            Role::Driver => "driver",
        }
    }

    /// From the contract's word.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    /// As a person reads it.
    pub const fn label(self) -> &'static str {
        match self {
            Role::Admin => "Admin",
            Role::OpsManager => "Ops manager",
            Role::Dispatcher => "Dispatcher",
            Role::Support => "Support",
            Role::Carrier => "Carrier",
            Role::Driver => "Driver",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_products() {
        use Permission::*;
        let table: [(Permission, &[Role]); 8] = [
            (LoadViewAll, &[Role::Admin, Role::OpsManager, Role::Dispatcher, Role::Support]),
            (LoadChange, &[Role::Admin, Role::OpsManager, Role::Dispatcher]),
            (LoadStatusRevert, &[Role::Admin, Role::OpsManager]),
            (LoadCancel, &[Role::Admin, Role::OpsManager]),
            (ComplianceOverride, &[Role::Admin, Role::OpsManager]),
            (FinanceView, &[Role::Admin, Role::OpsManager]),
            (CheckCall, &[Role::Admin, Role::OpsManager, Role::Dispatcher]),
            (TenantManage, &[Role::Admin]),
        ];
        for (permission, holders) in table {
            for role in Role::ALL {
                assert_eq!(role.may(permission), holders.contains(&role), "{role:?} {permission:?}");
            }
        }
    }

    #[test]
    fn codes_are_what_serde_writes() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
            assert_eq!(Role::from_code(role.code()), Some(role));
        }
        assert_eq!(Role::from_code("root"), None);
    }
}
