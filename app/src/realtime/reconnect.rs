//! When to try again after a loss: the reconnection policy, apart from sockets, clocks and chance.
//!
//! After a loss there are some quick attempts; then the page polls while probes, each waiting longer, look for the
//! socket. A return of the network, of the tab or of a person's patience tries at once.
//!
//! What the browser says of its network only names the state: a probe runs all the same, since a machine without any
//! network still reaches a server of its own.

use super::{SocketConfig, SocketStatus};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The page wants to be connected. With whether the browser has a network.
    Opened {
        online: bool,
    },
    /// Every namespace is connected.
    Connected,
    /// A namespace lost its connection.
    Lost,
    /// A namespace could not be connected.
    AttemptFailed,
    /// The server refused, since there were too many connects.
    RateLimited,
    Online,
    Offline,
    /// The tab came back into view.
    Visible,
    ButtonPressed,
    /// The time is over that the last step asked to be woken after.
    Due,
    /// The page is being left, or the session is over.
    Closed,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub action: Action,
    pub wake: Wake,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Nothing,
    /// Connect every namespace that is not.
    Connect,
    /// Give up the connection, or the attempt that is under way.
    Disconnect,
}

/// When to come back with [`Happening::Due`]. There is one alarm: a later one replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    AsBefore,
    Never,
    /// In so many milliseconds.
    In(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Closed,
    /// The first attempt is under way.
    Connecting,
    Connected,
    /// Before a quick attempt, counted from 1.
    Waiting {
        attempt: u32,
    },
    /// A quick attempt is under way.
    Trying {
        attempt: u32,
    },
    /// Polling, before a probe, counted from 0.
    Resting {
        probe: u32,
    },
    /// Polling, while a probe is under way.
    Probing {
        probe: u32,
    },
}

/// The policy and where it stands.
#[derive(Debug, Clone)]
pub struct Reconnect {
    config: SocketConfig,
    phase: Phase,
    /// What the browser says of its network.
    online: bool,
}

impl Reconnect {
    pub fn new(config: SocketConfig) -> Self {
        Self { config, phase: Phase::Closed, online: true }
    }

    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// The status to show. `poll_seconds` is how often the page polls when it does.
    pub fn status(&self, poll_seconds: u32) -> SocketStatus {
        match self.phase {
            Phase::Connecting => SocketStatus::Connecting,
            Phase::Connected => SocketStatus::Connected,
            Phase::Closed => SocketStatus::Offline,
            _ if !self.online => SocketStatus::Offline,
            Phase::Waiting { attempt } | Phase::Trying { attempt } => SocketStatus::Reconnecting { attempt },
            Phase::Resting { .. } | Phase::Probing { .. } => SocketStatus::Polling { every: poll_seconds },
        }
    }

    /// Takes the step that follows. `jitter` is a random number from 0 up to 1, so that the clients of a server that
    /// went down do not all come back at once.
    pub fn on(&mut self, happening: Happening, jitter: f64) -> Step {
        match happening {
            Happening::Opened { online } => self.open(online),
            Happening::Closed => self.close(),
            _ if self.is_closed() => STAY,
            Happening::Connected => self.go(Phase::Connected, Action::Nothing, Wake::Never),
            Happening::Lost => self.lose(jitter),
            Happening::AttemptFailed => self.fail(Action::Nothing, jitter),
            Happening::RateLimited => self.slow_down(jitter),
            Happening::Online => self.come_online(),
            Happening::Offline => self.go_offline(jitter),
            Happening::Visible => self.hurry(),
            Happening::ButtonPressed => self.obey(),
            Happening::Due => self.wake(jitter),
        }
    }

    fn open(&mut self, online: bool) -> Step {
        if !self.is_closed() {
            return STAY;
        }
        self.online = online;
        self.go(Phase::Connecting, Action::Connect, Wake::In(self.config.probe_limit))
    }

    fn close(&mut self) -> Step {
        self.go(Phase::Closed, Action::Disconnect, Wake::Never)
    }

    fn lose(&mut self, jitter: f64) -> Step {
        match self.phase {
            Phase::Connected if self.online => self.wait_for(1),
            Phase::Connected => self.rest(0, Action::Nothing, jitter),
            _ => self.fail(Action::Nothing, jitter),
        }
    }

    /// The attempt that is under way did not succeed. Each namespace may say so; the first one counts.
    fn fail(&mut self, action: Action, jitter: f64) -> Step {
        let mut step = match self.phase {
            Phase::Connecting if self.online => self.wait_for(1),
            Phase::Trying { attempt } if self.online && attempt < self.config.attempts => self.wait_for(attempt + 1),
            Phase::Connecting | Phase::Trying { .. } => self.rest(0, action, jitter),
            Phase::Probing { probe } => self.rest(probe.saturating_add(1), action, jitter),
            _ => return STAY,
        };
        step.action = action;
        step
    }

    fn slow_down(&mut self, jitter: f64) -> Step {
        let least = self.config.probe_when_limited;
        match self.phase {
            Phase::Connecting | Phase::Waiting { .. } | Phase::Trying { .. } => {
                self.rest(least, Action::Nothing, jitter)
            }
            Phase::Probing { probe } => self.rest(least.max(probe.saturating_add(1)), Action::Nothing, jitter),
            _ => STAY,
        }
    }

    fn come_online(&mut self) -> Step {
        let was_offline = !std::mem::replace(&mut self.online, true);
        match self.phase {
            Phase::Resting { .. } if was_offline => self.try_now(1),
            // Under way already; it is named for what it is now.
            Phase::Probing { .. } if was_offline => {
                self.go(Phase::Trying { attempt: 1 }, Action::Nothing, Wake::AsBefore)
            }
            _ => self.hurry(),
        }
    }

    fn go_offline(&mut self, jitter: f64) -> Step {
        self.online = false;
        match self.phase {
            // It would take the socket most of a minute to find out.
            Phase::Connected => self.rest(0, Action::Disconnect, jitter),
            Phase::Waiting { .. } => self.rest(0, Action::Nothing, jitter),
            _ => STAY,
        }
    }

    /// Cuts a wait short.
    fn hurry(&mut self) -> Step {
        match self.phase {
            Phase::Waiting { attempt } => self.try_now(attempt),
            Phase::Resting { .. } => {
                self.go(Phase::Probing { probe: 0 }, Action::Connect, Wake::In(self.config.probe_limit))
            }
            _ => STAY,
        }
    }

    /// A person who asks sees that something is done: quick attempts begin anew.
    fn obey(&mut self) -> Step {
        match self.phase {
            Phase::Resting { .. } => self.try_now(1),
            Phase::Probing { .. } => self.go(Phase::Trying { attempt: 1 }, Action::Nothing, Wake::AsBefore),
            _ => self.hurry(),
        }
    }

    fn wake(&mut self, jitter: f64) -> Step {
        match self.phase {
            Phase::Waiting { attempt } => self.try_now(attempt),
            Phase::Resting { probe } => {
                self.go(Phase::Probing { probe }, Action::Connect, Wake::In(self.config.probe_limit))
            }
            _ => self.fail(Action::Disconnect, jitter),
        }
    }

    fn wait_for(&mut self, attempt: u32) -> Step {
        self.go(Phase::Waiting { attempt }, Action::Nothing, Wake::In(self.config.attempts_apart))
    }

    fn try_now(&mut self, attempt: u32) -> Step {
        self.go(Phase::Trying { attempt }, Action::Connect, Wake::In(self.config.attempt_limit))
    }

    /// Polls until the probe is due: after half to all of a time that doubles with each.
    fn rest(&mut self, probe: u32, action: Action, jitter: f64) -> Step {
        let longest = self.config.probe_first.saturating_mul(1 << probe.min(16)).min(self.config.probe_longest);
        let wait = f64::from(longest) * (0.5 + jitter.clamp(0.0, 1.0) / 2.0);
        self.go(Phase::Resting { probe }, action, Wake::In(wait as u32))
    }

    fn go(&mut self, phase: Phase, action: Action, wake: Wake) -> Step {
        self.phase = phase;
        Step { action, wake }
    }
}

const STAY: Step = Step { action: Action::Nothing, wake: Wake::AsBefore };

#[cfg(test)]
#[path = "reconnect_tests.rs"]
mod tests;
