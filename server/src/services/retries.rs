//! Doing again what came to nothing because others were in the way.
//!
//! Two changes of PostgreSQL that wait for one another, another process that writes into the SQLite file, a connection
//! that broke: the transaction is gone as if it had never begun, and the same a moment later mostly succeeds. Whoever has
//! the whole call in hand does it again: REST for a request, the gateway for a command, the writer of positions for a
//! group, a change of many loads for each of them.
//!
//! ```ignore
//! let mut retries = Retries::begin();
//! loop {
//!     let done = work().await;
//!     if !done.is_unavailable() || !retries.wait().await {
//!         return done;
//!     }
//! }
//! ```

use crate::metrics::CONFLICTS;
use rand::RngExt;
use std::time::{Duration, Instant};

/// How often the same is done at most.
const ATTEMPTS: u32 = 6;
/// After so long nobody waits for it any more. One wait for a connection may be longer already.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest wait before the second attempt; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(10);

/// The attempts at one thing.
#[derive(Debug)]
pub struct Retries {
    begun: Instant,
    attempts: u32,
}

impl Retries {
    /// Before the first attempt.
    pub fn begin() -> Self {
        Self { begun: Instant::now(), attempts: 1 }
    }

    /// After an attempt that came to nothing: waits a moment and answers `true`, or `false` where it was the last.
    ///
    /// The moment is chosen at random, or those who were in one another's way would meet again.
    pub async fn wait(&mut self) -> bool {
        let is_over = self.attempts >= ATTEMPTS || self.begun.elapsed() >= PATIENCE;
        let outcome = if is_over { "refused" } else { "retried" };
        metrics::counter!(CONFLICTS, "outcome" => outcome).increment(1);
        if is_over {
            return false;
        }
        let longest = FIRST_WAIT * 2u32.pow(self.attempts - 1);
        self.attempts += 1;
        let wait = longest.mul_f64(rand::rng().random_range(0.5..1.0));
        tokio::time::sleep(wait).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_fails_for_ever_is_tried_a_few_times() {
        let mut retries = Retries::begin();
        let mut attempts = 1;
        while retries.wait().await {
            attempts += 1;
        }
        assert_eq!(attempts, ATTEMPTS);
    }
}
