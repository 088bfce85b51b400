//! The time as pages see it: the server's at first, so that server and browser render the same, then the browser's.

use crate::domain::time::{Civil, Timestamp};
use leptos::prelude::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// How often whatever only shows minutes is looked at anew, in milliseconds.
const COARSE: i64 = 15_000;
/// A browser's clock that differs by less than this from the server's is trusted: the difference is the time that the
/// page took to arrive.
const TRUSTED: i64 = 60_000;

/// The clock on the viewer's wall, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ViewerClock {
    /// On the server and until the browser is at work: UTC stands in for it.
    #[default]
    NotKnown,
    /// That of the browser.
    Browser,
    /// That of an IANA zone.
    #[cfg(test)]
    Zone(&'static str),
}

impl ViewerClock {
    /// Minutes east of UTC that it shows at an instant: summer time is another offset. `None` where it is not known.
    pub fn offset_at(self, at: Timestamp) -> Option<i32> {
        match self {
            ViewerClock::NotKnown => None,
            ViewerClock::Browser => browser_offset(at),
            #[cfg(test)]
            ViewerClock::Zone(zone) => super::zone_clock::offset_at(zone, at),
        }
    }

    /// What it shows at an instant, or in UTC where it is not known.
    pub fn civil(self, at: Timestamp) -> Civil {
        at.civil(self.offset_at(at).unwrap_or(0))
    }
}

/// A clock that stands until [`Clock::run`], and ticks in the browser from then on.
#[derive(Clone)]
pub struct Clock {
    coarse: ArcRwSignal<Timestamp>,
    second: ArcRwSignal<Timestamp>,
    viewer: ArcRwSignal<ViewerClock>,
    /// Milliseconds that the server's clock is ahead of the browser's.
    ahead: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        let start = Timestamp::from_millis(0);
        Self {
            coarse: ArcRwSignal::new(start),
            second: ArcRwSignal::new(start),
            viewer: ArcRwSignal::default(),
            ahead: Arc::default(),
        }
    }
}

impl Clock {
    /// Sets the clock to what a snapshot says.
    pub fn set(&self, now: Timestamp) {
        let ahead = skew(now.millis() - wall_millis());
        self.ahead.store(ahead, Ordering::Relaxed);
        // Once it ticks it goes on as it did: the snapshot's time is older than the snapshot's arrival.
        let now = if self.viewer.get_untracked() == ViewerClock::NotKnown { now } else { self.wall() };
        self.coarse.set(now);
        self.second.set(now);
    }

    /// The time, renewed every 15 seconds.
    pub fn now(&self) -> Timestamp {
        self.coarse.get()
    }

    /// The time, renewed every second. For countdowns only: everything that reads it runs every second.
    pub fn second(&self) -> Timestamp {
        self.second.get()
    }

    /// The time without following it.
    pub fn glance(&self) -> Timestamp {
        self.second.get_untracked()
    }

    /// The clock on the viewer's wall. Follows it.
    pub fn viewer(&self) -> ViewerClock {
        self.viewer.get()
    }

    /// Ticks, in the browser, as long as the component that calls this is shown.
    pub fn run(&self) {
        let clock = self.clone();
        Effect::new(move |_| {
            clock.viewer.set(ViewerClock::Browser);
            clock.tick();
            let ticking = clock.clone();
            if let Ok(handle) = set_interval_with_handle(move || ticking.tick(), Duration::from_secs(1)) {
                on_cleanup(move || handle.clear());
            }
        });
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_millis(wall_millis() + self.ahead.load(Ordering::Relaxed))
    }

    fn tick(&self) {
        let now = self.wall();
        self.second.set(now);
        if now.since(self.coarse.get_untracked()).abs() >= COARSE {
            self.coarse.set(now);
        }
    }
}

/// What is added to the browser's clock whose difference from the server's is this, in milliseconds.
const fn skew(ahead: i64) -> i64 {
    if ahead.abs() < TRUSTED { 0 } else { ahead }
}

/// Milliseconds since 1970 by the browser's clock; 0 on the server, where pages take the time from their data.
pub fn wall_millis() -> i64 {
    #[cfg(feature = "hydrate")]
    return js_sys::Date::now() as i64;
    #[cfg(not(feature = "hydrate"))]
    0
}

fn browser_offset(at: Timestamp) -> Option<i32> {
    #[cfg(feature = "hydrate")]
    return Some(-(js_sys::Date::new(&(at.millis() as f64).into()).get_timezone_offset() as i32));
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = at;
        None
    }
}
