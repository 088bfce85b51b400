//! Slows down those who guess passwords: a bucket of attempts for each e-mail address and each network address.

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock, clock::DefaultClock};
use std::{net::IpAddr, num::NonZeroU32, time::Duration};

/// How many distinct keys are remembered before those that are at rest are forgotten.
const KEYS: usize = 10_000;

pub struct LoginThrottle {
    by_email: DefaultKeyedRateLimiter<String>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
}

/// An office shares one network address, so that bucket is larger.
const ADDRESS_FACTOR: u32 = 10;

impl LoginThrottle {
    pub fn new(per_minute: u32) -> Self {
        let quota = |rate: u32| Quota::per_minute(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN));
        Self {
            by_email: DefaultKeyedRateLimiter::keyed(quota(per_minute)),
            by_address: DefaultKeyedRateLimiter::keyed(quota(per_minute.saturating_mul(ADDRESS_FACTOR))),
        }
    }

    /// Counts an attempt; an error tells when the next one is allowed.
    pub fn attempt(&self, email: &str, address: Option<IpAddr>) -> Result<(), Duration> {
        if self.by_email.len() > KEYS {
            self.by_email.retain_recent();
            self.by_address.retain_recent();
        }
        let now = DefaultClock::default().now();
        if let Some(address) = address {
            self.by_address.check_key(&address).map_err(|until| until.wait_time_from(now))?;
        }
        self.by_email.check_key(&email.to_owned()).map_err(|until| until.wait_time_from(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_of_one_address_does_not_empty_that_of_another() {
        let throttle = LoginThrottle::new(3);
        for _ in 0..3 {
            assert!(throttle.attempt("maria@acme.test", None).is_ok());
        }
        let wait = throttle.attempt("maria@acme.test", None).unwrap_err();
        assert!(wait <= Duration::from_secs(20), "{wait:?}");
        assert!(throttle.attempt("john@acme.test", None).is_ok());
    }

    #[test]
    fn many_names_from_one_network_address_run_dry_as_well() {
        let throttle = LoginThrottle::new(1);
        let address = IpAddr::from([127, 0, 0, 1]);
        let admitted = (0..50).filter(|n| throttle.attempt(&format!("user{n}"), Some(address)).is_ok()).count();
        assert_eq!(admitted, ADDRESS_FACTOR as usize);
    }
}
