//! Customers, as the loads name them.

use super::{Caller, ServiceError, Services};
use crate::store::customers;
use app::api::facilities::Customer;

impl Services {
    /// The first customers by name that a load was booked for.
    pub async fn list_customers(
        &self,
        caller: &Caller,
        search: Option<String>,
        limit: i64,
    ) -> Result<Vec<Customer>, ServiceError> {
        caller.check_staff("see customers")?;
        let search = search.map(|search| search.trim().to_owned()).filter(|search| !search.is_empty());
        let mut tx = self.database.begin_snapshot().await?;
        let names = customers::names(&mut tx, caller.tenant, search.as_deref(), limit).await?;
        Ok(names.into_iter().map(|name| Customer { name }).collect())
    }
}
