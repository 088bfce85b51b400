//! Slows down those who guess passwords, and only them.

use crate::{
    client_address::{ClientAddress, ClientNetwork},
    throttle::KeyedThrottle,
};
use app::domain::id::UserId;
use governor::Quota;
use std::{num::NonZeroU32, time::Duration};

/// An office shares one network address, so that bucket is larger.
const ADDRESS_FACTOR: u32 = 10;
/// So many attempts at one e-mail address from everywhere together, at once and then in an hour. Fewer than one network
/// address has, since those who guess from a thousand of them must not have a thousand times as much.
const EMAIL_BURST_FACTOR: u32 = 5;
const EMAIL_HOUR_FACTOR: u32 = 6;

/// Where an attempt comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    pub address: Option<ClientAddress>,
    /// The id of a device on which this very person has logged in before.
    pub known_device: Option<&'a str>,
}

/// Buckets of attempts.
///
/// Anybody can empty the bucket of an e-mail address, and so keep its owner out: a device on which the owner has logged
/// in before has a bucket of its own.
pub struct LoginThrottle {
    by_address: KeyedThrottle<ClientNetwork>,
    by_email_and_address: KeyedThrottle<(String, Option<ClientNetwork>)>,
    by_email: KeyedThrottle<String>,
    by_device: KeyedThrottle<String>,
    by_user: KeyedThrottle<UserId>,
}

impl LoginThrottle {
    pub fn new(per_minute: u32) -> Self {
        let rate = |rate: u32| NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
        let minute = |factor: u32| Quota::per_minute(rate(per_minute.saturating_mul(factor)));
        let from_everywhere = Quota::per_hour(rate(per_minute.saturating_mul(EMAIL_HOUR_FACTOR)))
            .allow_burst(rate(per_minute.saturating_mul(EMAIL_BURST_FACTOR)));
        Self {
            by_address: KeyedThrottle::new(minute(ADDRESS_FACTOR)),
            by_email_and_address: KeyedThrottle::new(minute(1)),
            by_email: KeyedThrottle::new(from_everywhere),
            by_device: KeyedThrottle::new(minute(1)),
            by_user: KeyedThrottle::new(minute(1)),
        }
    }

    /// Counts a login that is tried; an error tells when the next one is allowed.
    pub fn attempt(&self, email: &str, origin: Origin<'_>) -> Result<(), Duration> {
        if let Some(device) = origin.known_device {
            return self.by_device.check(&device.to_owned());
        }
        let network = origin.address.map(ClientAddress::network);
        if let Some(network) = network {
            self.by_address.check(&network)?;
        }
        self.by_email_and_address.check(&(email.to_owned(), network))?;
        self.by_email.check(&email.to_owned())
    }

    /// Counts a person's attempt to name their own password once more.
    pub fn attempt_of_user(&self, user: UserId) -> Result<(), Duration> {
        self.by_user.check(&user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn from(last: u8) -> Origin<'static> {
        Origin { address: Some(ClientAddress(IpAddr::from([203, 0, 113, last]))), known_device: None }
    }

    fn admitted(attempts: usize, mut attempt: impl FnMut(usize) -> Result<(), Duration>) -> usize {
        (0..attempts).filter(|n| attempt(*n).is_ok()).count()
    }

    #[test]
    fn the_bucket_of_one_email_does_not_empty_that_of_another() {
        let throttle = LoginThrottle::new(3);
        assert_eq!(admitted(5, |_| throttle.attempt("maria@acme.test", Origin::default())), 3);
        let wait = throttle.attempt("maria@acme.test", Origin::default()).unwrap_err();
        assert!(wait <= Duration::from_secs(20), "{wait:?}");
        assert!(throttle.attempt("john@acme.test", Origin::default()).is_ok());
    }

    #[test]
    fn many_names_from_one_network_address_run_dry_as_well() {
        let throttle = LoginThrottle::new(1);
        assert_eq!(admitted(50, |n| throttle.attempt(&format!("user{n}"), from(1))), ADDRESS_FACTOR as usize);
    }

    #[test]
    fn a_network_of_ipv6_is_one_guesser() {
        let throttle = LoginThrottle::new(1);
        let from = |n: usize| {
            let address = IpAddr::V6(format!("2001:db8::{n:x}").parse().unwrap());
            Origin { address: Some(ClientAddress(address)), known_device: None }
        };
        assert_eq!(admitted(50, |n| throttle.attempt(&format!("user{n}"), from(n))), ADDRESS_FACTOR as usize);
    }

    #[test]
    fn who_guesses_from_one_address_keeps_nobody_else_out() {
        let throttle = LoginThrottle::new(10);
        assert_eq!(admitted(1_000, |_| throttle.attempt("admin@acme.test", from(1))), 10);
        assert!(throttle.attempt("admin@acme.test", from(2)).is_ok());
    }

    #[test]
    fn who_guesses_from_many_addresses_is_stopped_and_a_known_device_is_not() {
        let throttle = LoginThrottle::new(10);
        let guessed = admitted(1_000, |n| throttle.attempt("admin@acme.test", from((n % 250) as u8)));
        assert_eq!(guessed, 50);
        let at_home = |device| Origin { known_device: Some(device), ..from(1) };
        assert!(throttle.attempt("admin@acme.test", at_home("a")).is_ok());
        assert_eq!(admitted(50, |_| throttle.attempt("admin@acme.test", at_home("a"))), 9, "it may not guess either");
        assert!(throttle.attempt("admin@acme.test", at_home("b")).is_ok());
    }

    #[test]
    fn naming_ones_own_password_has_a_bucket_apart() {
        let throttle = LoginThrottle::new(2);
        let user = UserId(uuid::Uuid::from_u128(1));
        assert_eq!(admitted(5, |_| throttle.attempt("maria@acme.test", from(1))), 2);
        assert_eq!(admitted(5, |_| throttle.attempt_of_user(user)), 2);
    }
}
