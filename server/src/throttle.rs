//! Buckets by key: how often each may come.

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};
use std::{
    hash::Hash,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// How often buckets at rest are forgotten. It takes a look at each of them, so no single attempt may ask for it.
const SWEEP: Duration = Duration::from_secs(30);

/// One bucket for each key.
pub struct KeyedThrottle<K: Hash + Eq + Clone> {
    buckets: DefaultKeyedRateLimiter<K>,
    began: Instant,
    /// When buckets were forgotten last, in milliseconds since the beginning.
    swept: AtomicU64,
}

impl<K: Hash + Eq + Clone> KeyedThrottle<K> {
    pub fn new(quota: Quota) -> Self {
        Self { buckets: DefaultKeyedRateLimiter::keyed(quota), began: Instant::now(), swept: AtomicU64::new(0) }
    }

    /// Counts an attempt; an error tells how long it takes until the next one is welcome.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        self.sweep(self.began.elapsed());
        self.buckets.check_key(key).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }

    fn sweep(&self, now: Duration) {
        let (now, swept) = (u64::try_from(now.as_millis()).unwrap_or(u64::MAX), self.swept.load(Ordering::Relaxed));
        let is_due = u128::from(now.saturating_sub(swept)) >= SWEEP.as_millis();
        // One of those who come at the same moment does it.
        if is_due && self.swept.compare_exchange(swept, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    #[test]
    fn buckets_at_rest_are_forgotten_by_time_and_not_at_each_attempt() {
        let throttle = KeyedThrottle::new(Quota::with_period(Duration::from_nanos(1)).unwrap());
        for key in 0..20_000 {
            assert!(throttle.check(&key).is_ok());
        }
        assert_eq!(throttle.buckets.len(), 20_000, "none of the attempts looked at all the others");
        throttle.sweep(SWEEP);
        assert_eq!(throttle.buckets.len(), 0);
        throttle.check(&1).unwrap();
        throttle.sweep(SWEEP + Duration::from_secs(1));
        assert_eq!(throttle.buckets.len(), 1, "it is not time yet");
    }

    #[test]
    fn a_bucket_in_use_is_not_forgotten() {
        let throttle = KeyedThrottle::new(Quota::per_hour(NonZeroU32::MIN));
        throttle.check(&"maria").unwrap();
        throttle.sweep(SWEEP);
        assert!(throttle.check(&"maria").unwrap_err() > Duration::from_secs(3_000));
    }
}
