//! How much one client may ask for: buckets of commands and of namespaces for each connection, of connects for each user
//! and address.

use crate::{
    client_address::{ClientAddress, ClientNetwork},
    settings::Limits,
    throttle::KeyedThrottle,
};
use app::domain::id::UserId;
use governor::{
    DefaultDirectRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock, QuantaInstant},
};
use std::{num::NonZeroU32, time::Duration};

/// So many namespaces a connection enters at once: a page opens all five, and may do so again after a loss of rights.
const NAMESPACE_BURST: u32 = 10;

/// And so many a second from then on.
const NAMESPACES_PER_SECOND: u32 = 1;

/// The bucket of commands of one connection in one namespace.
pub type CommandBucket = DefaultDirectRateLimiter;

/// The bucket of connects into namespaces of one connection.
pub type ConnectBucket = DefaultDirectRateLimiter;

pub struct ConnectThrottle {
    by_user: KeyedThrottle<UserId>,
    by_address: KeyedThrottle<ClientNetwork>,
}

fn rate(per_second: u32) -> NonZeroU32 {
    NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN)
}

/// `commands_per_second` with bursts of `command_burst`.
pub fn command_bucket(limits: &Limits) -> CommandBucket {
    RateLimiter::direct(Quota::per_second(rate(limits.commands_per_second)).allow_burst(rate(limits.command_burst)))
}

/// Connects into namespaces: those of a page at its start, and then few.
pub fn namespace_bucket() -> ConnectBucket {
    RateLimiter::direct(Quota::per_second(rate(NAMESPACES_PER_SECOND)).allow_burst(rate(NAMESPACE_BURST)))
}

/// How long to wait for what was not let through.
pub fn wait(outcome: Result<(), NotUntil<QuantaInstant>>) -> Result<(), Duration> {
    outcome.map_err(|until| until.wait_time_from(DefaultClock::default().now()))
}

impl ConnectThrottle {
    pub fn new(limits: &Limits) -> Self {
        let quota = |per_second: u32| Quota::per_second(rate(per_second));
        Self {
            by_user: KeyedThrottle::new(quota(limits.connects_per_user)),
            by_address: KeyedThrottle::new(quota(limits.connects_per_address)),
        }
    }

    /// Counts a connection by its address; an error tells when the next one is welcome.
    pub fn count_address(&self, address: ClientAddress) -> Result<(), Duration> {
        self.by_address.check(&address.network())
    }

    /// Counts a connection by its user.
    pub fn count_user(&self, user: UserId) -> Result<(), Duration> {
        self.by_user.check(&user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_commands_is_let_through_and_more_are_not() {
        let bucket = command_bucket(&Limits { commands_per_second: 1, command_burst: 3, ..Limits::default() });
        let admitted = (0..10).filter(|_| bucket.check().is_ok()).count();
        assert_eq!(admitted, 3);
    }

    #[test]
    fn the_connects_of_one_user_do_not_count_for_another() {
        let throttle =
            ConnectThrottle::new(&Limits { connects_per_user: 2, connects_per_address: 3, ..Limits::default() });
        let user = |number| UserId(uuid::Uuid::from_u128(number));
        let admitted = (0..5).filter(|_| throttle.count_user(user(1)).is_ok()).count();
        assert_eq!(admitted, 2);
        assert!(throttle.count_user(user(2)).is_ok());
        let address = |last| ClientAddress(std::net::IpAddr::V6(std::net::Ipv6Addr::from_bits(last)));
        let admitted = (0..5).filter(|last| throttle.count_address(address(*last)).is_ok()).count();
        assert_eq!(admitted, 3, "one network");
        assert!(throttle.count_address(address(1 << 64)).is_ok());
    }
}
