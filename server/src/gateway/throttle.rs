//! How much one client may ask for: buckets of commands for each socket, of connects for each user and address.

use app::domain::id::UserId;
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use crate::settings::Limits;

/// How many distinct keys are remembered before those that are at rest are forgotten.
const KEYS: usize = 10_000;

/// The bucket of commands of one socket.
pub type CommandBucket = DefaultDirectRateLimiter;

pub struct ConnectThrottle {
    by_user: DefaultKeyedRateLimiter<UserId>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
}

fn rate(per_second: u32) -> NonZeroU32 {
    NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN)
}

/// `commands_per_second` with bursts of `command_burst`.
pub fn command_bucket(limits: &Limits) -> CommandBucket {
    RateLimiter::direct(Quota::per_second(rate(limits.commands_per_second)).allow_burst(rate(limits.command_burst)))
}

impl ConnectThrottle {
    pub fn new(limits: &Limits) -> Self {
        let quota = |per_second: u32| Quota::per_second(rate(per_second));
        Self {
            by_user: DefaultKeyedRateLimiter::keyed(quota(limits.connects_per_user)),
            by_address: DefaultKeyedRateLimiter::keyed(quota(limits.connects_per_address)),
        }
    }

    /// Counts a connection by its address; an error tells when the next one is welcome.
    #[expect(clippy::wrong_self_convention, reason = "a connection comes from an address; nothing is made of one")]
    pub fn from_address(&self, address: IpAddr) -> Result<(), Duration> {
        if self.by_address.len() > KEYS {
            self.by_address.retain_recent();
        }
        let until = self.by_address.check_key(&address);
        until.map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }

    /// Counts a connection by its user.
    pub fn of_user(&self, user: UserId) -> Result<(), Duration> {
        if self.by_user.len() > KEYS {
            self.by_user.retain_recent();
        }
        let until = self.by_user.check_key(&user);
        until.map_err(|until| until.wait_time_from(DefaultClock::default().now()))
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
        let admitted = (0..5).filter(|_| throttle.of_user(user(1)).is_ok()).count();
        assert_eq!(admitted, 2);
        assert!(throttle.of_user(user(2)).is_ok());
        let address = IpAddr::from([127, 0, 0, 1]);
        assert_eq!((0..5).filter(|_| throttle.from_address(address).is_ok()).count(), 3);
    }
}
