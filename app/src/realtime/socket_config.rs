//! Every number of the live connection in one place: namespaces, attempts, probes, and how often a screen polls.

use crate::events::Namespace;

/// What a page shows, which decides how often it polls while there is no socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    Board,
    Map,
    Dashboard,
    Load,
}

impl Screen {
    /// Seconds from one poll to the next, by the contract.
    pub const fn poll_seconds(self) -> u32 {
        match self {
            Screen::Board => 10,
            Screen::Map => 15,
            Screen::Dashboard | Screen::Load => 30,
        }
    }
}

/// How the browser keeps its connection. Times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketConfig {
    /// All share one connection; the status is `Connected` only when each of them is.
    pub namespaces: &'static [Namespace],
    /// Attempts after a loss, before polling begins.
    pub attempts: u32,
    /// From a loss, or a failed attempt, to the next attempt.
    pub attempts_apart: u32,
    /// An attempt that takes longer has failed.
    pub attempt_limit: u32,
    /// The longest wait for the first probe while polling; it doubles with each.
    pub probe_first: u32,
    /// The longest wait for any probe.
    pub probe_longest: u32,
    /// The first connect and each probe may take this long: a slow network deserves it, and the page polls meanwhile.
    pub probe_limit: u32,
    /// The probe to begin with when the server said that there were too many connects; counted from 0.
    pub probe_when_limited: u32,
    /// A command that has no answer by then has none.
    pub answer_limit: u32,
}

impl SocketConfig {
    /// What the browser uses: five attempts a second apart, then probes up to 30 s apart.
    pub const BROWSER: Self = Self {
        namespaces: &Namespace::ALL,
        attempts: 5,
        attempts_apart: 1_000,
        attempt_limit: 5_000,
        probe_first: 4_000,
        probe_longest: 30_000,
        probe_limit: 15_000,
        probe_when_limited: 2,
        answer_limit: 10_000,
    };
}
