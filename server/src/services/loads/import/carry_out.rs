//! Booking what was confirmed, a few loads in a transaction together with how far the import is: nothing is booked twice
//! and nothing is left out, whenever the process ends. Another one, or the same after a restart, goes on with it.

use super::super::{
    super::{Retries, ServiceError},
    Caller, Services,
};
use crate::store::{
    self, StoreError,
    imports::{self, BegunImport, Progress},
    users,
};
use app::{
    api::load_files::RowError,
    domain::{load::Person, role::Permission, time::DAY},
};

/// Loads that are booked in one transaction: others get their turn between two of them.
const AT_ONCE: usize = 25;

/// An import that has not gone on for so long, in milliseconds, has lost its process.
const LOST_AFTER: i64 = 15_000;

/// For how long the outcome of an import can be asked for, in milliseconds.
const KEPT: i64 = 7 * DAY;

impl Services {
    pub(super) async fn carry_out_import(&self, caller: &Caller, mut import: BegunImport) {
        let mut retries = Retries::begin();
        while !import.progress.outcome.finished {
            match self.book_portion(caller, &mut import).await {
                Ok(true) => retries = Retries::begin(),
                Ok(false) => return,
                Err(error) if error.is_conflict() && retries.wait().await => {}
                Err(error) => {
                    return tracing::warn!(%error, import = %import.id, "an import waits to be taken up again");
                }
            }
        }
    }

    /// Goes on with the imports whose processes have ended.
    pub async fn take_up_imports(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        while let Some(import) = imports::take_over(&self.database, now.plus(-LOST_AFTER), now).await? {
            let user = users::find(&self.database, import.user).await?;
            let caller = user.map(|user| Caller {
                tenant: user.tenant_id,
                role: user.role,
                person: Some(Person { id: user.id, name: user.name }),
                carrier: user.carrier_id,
                driver: user.driver_id,
                address: None,
            });
            match caller.filter(|caller| caller.may(Permission::LoadChange)) {
                Some(caller) => self.carry_out_import(&caller, import).await,
                None => self.give_up(import).await?,
            }
        }
        Ok(())
    }

    /// Forgets the imports that have long been finished.
    pub async fn forget_imports(&self) -> Result<(), StoreError> {
        imports::remove_finished(&self.database, self.clock.now().plus(-KEPT)).await
    }

    /// Books the next loads. `false`: somebody else has gone on with the import.
    async fn book_portion(&self, caller: &Caller, import: &mut BegunImport) -> Result<bool, StoreError> {
        let end = import.loads.len().min(import.progress.passed + AT_ONCE);
        match self.book_until(caller, import, end).await {
            Err(ServiceError::Store(error) | ServiceError::Unavailable(error)) => Err(error),
            Ok(is_mine) => Ok(is_mine),
            // One of them can't be booked. Which one shows when each is booked by itself.
            Err(_) => {
                while import.progress.passed < end {
                    let is_mine = match self.book_until(caller, import, import.progress.passed + 1).await {
                        Ok(is_mine) => is_mine,
                        Err(ServiceError::Store(error) | ServiceError::Unavailable(error)) => return Err(error),
                        Err(refusal) => self.pass_over(import, &refusal.to_string()).await?,
                    };
                    if !is_mine {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    async fn book_until(&self, caller: &Caller, import: &mut BegunImport, end: usize) -> Result<bool, ServiceError> {
        let mut change = self.begin(caller).await?;
        let from = import.progress.passed;
        let mut progress = import.advanced_to(end);
        progress.outcome.done += end - from;
        if !imports::advance(&mut change.tx, import.id, from, &progress, change.now).await? {
            return Ok(false);
        }
        for (_, load) in &import.loads[from..end] {
            self.book(&mut change, caller, load.clone()).await?;
        }
        change.commit().await?;
        import.progress = progress;
        Ok(true)
    }

    /// Notes why the next load is not booked.
    async fn pass_over(&self, import: &mut BegunImport, why: &str) -> Result<bool, StoreError> {
        let from = import.progress.passed;
        let mut progress = import.advanced_to(from + 1);
        let row = import.loads[from].0;
        progress.outcome.errors.push(RowError { row, column: None, message: why.to_owned() });
        let mut tx = self.database.begin_write().await?;
        let is_mine = imports::advance(&mut tx, import.id, from, &progress, self.clock.now()).await?;
        store::commit(tx).await?;
        import.progress = progress;
        Ok(is_mine)
    }

    /// Who has confirmed the import may not book loads any more, or is gone.
    async fn give_up(&self, mut import: BegunImport) -> Result<(), StoreError> {
        while !import.progress.outcome.finished {
            if !self.pass_over(&mut import, "was not booked: who imported it may not book loads any more").await? {
                break;
            }
        }
        Ok(())
    }
}

impl BegunImport {
    /// How far it is once so many of its loads are behind it.
    fn advanced_to(&self, passed: usize) -> Progress {
        let mut outcome = self.progress.outcome.clone();
        outcome.finished = passed == self.loads.len();
        Progress { passed, outcome }
    }
}
