//! A load in the hands of its driver: how far it has come, and what is being done with it.

use super::{Action, RoadLoad, RoadStop};
use crate::demo::roads::Route;
use app::domain::{
    id::LoadId,
    status::LoadStatus::{self, *},
    time::Timestamp,
};

/// A load on a truck, or soon to be.
#[derive(Debug)]
pub(super) struct Trip {
    pub load: LoadId,
    pub status: LoadStatus,
    /// Its status before the last step of the simulation.
    pub settled: LoadStatus,
    pub hold: Hold,
    pub stops: Vec<RoadStop>,
    /// Index of the stop at which the truck is or to which it goes.
    pub next: usize,
    pub doing: Doing,
    /// Its truck was on the move when it was taken over.
    pub was_rolling: bool,
    /// When the driver is called next, by the simulated clock.
    pub call_at: Timestamp,
}

/// Whether people keep the load from going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    None,
    /// A person took a step back; it goes on when a person takes one forward.
    Reverted,
    /// A step was refused; it goes on when its status is known.
    Refused,
}

/// What a truck does for a load. Times are of the simulated clock.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doing {
    /// Not looked at yet.
    Fresh,
    /// It is not yet time to go to the pickup. A load that is only accepted is dispatched at `dispatch`.
    Waiting {
        dispatch: Timestamp,
        leave: Timestamp,
    },
    /// About to drive to the next stop.
    SettingOut,
    Driving {
        route: Route,
        mile: f64,
    },
    /// A break or a rest on the way.
    Pausing {
        route: Route,
        mile: f64,
        since: Timestamp,
        until: Timestamp,
    },
    AtStop {
        since: Timestamp,
        until: Timestamp,
    },
    /// Loaded; papers and seals.
    Leaving {
        until: Timestamp,
    },
}

impl Trip {
    pub fn new(load: RoadLoad, call_at: Timestamp) -> Self {
        let RoadLoad { load, status, stops, fix, .. } = load;
        let was_rolling = fix.is_some_and(|fix| fix.speed_mph > 0.0);
        let (settled, hold, doing) = (status, Hold::None, Doing::Fresh);
        Self { load, status, settled, hold, stops, next: 0, doing, was_rolling, call_at }
    }

    pub fn last(&self) -> usize {
        self.stops.len().saturating_sub(1)
    }

    pub fn stop(&self) -> &RoadStop {
        &self.stops[self.next.min(self.last())]
    }

    /// The truck is at the pickup or has the freight: it can do nothing else.
    pub fn is_engaged(&self) -> bool {
        (AtPickup..=AtDelivery).contains(&self.status)
    }

    pub fn is_under_way(&self) -> bool {
        matches!(self.doing, Doing::Driving { .. } | Doing::Pausing { .. } | Doing::SettingOut)
    }

    /// Goes forward to a status, by every step that lies between.
    pub fn advance(&mut self, to: LoadStatus, actions: &mut Vec<Action>) {
        while self.status < to
            && let Some(next) = self.status.next()
        {
            self.status = next;
            actions.push(Action::Status { load: self.load, to: next });
        }
    }

    /// The stop that comes next on a load in transit.
    pub fn next_delivery(&self) -> usize {
        let open = |index: &usize| !self.stops[*index].departed;
        (1..self.stops.len()).find(open).unwrap_or(self.last())
    }

    /// A person says how far it is.
    pub fn hear(&mut self, status: LoadStatus, clock: Timestamp) {
        if status < self.status {
            self.stop_for(Hold::Reverted, status);
        } else if status > self.status || self.hold == Hold::Refused {
            self.hold = Hold::None;
            self.catch_up(status, clock);
        }
        (self.status, self.settled) = (status, status);
    }

    /// People keep it from going on, in this status. Unless the truck has to stay with it, that is free for others.
    pub fn stop_for(&mut self, hold: Hold, status: LoadStatus) {
        (self.status, self.hold) = (status, hold);
        if !self.is_engaged() {
            (self.doing, self.next, self.was_rolling) = (Doing::Fresh, 0, false);
        }
    }

    /// Does what has to be done for the truck to be where the person says it is.
    fn catch_up(&mut self, status: LoadStatus, clock: Timestamp) {
        let at_last = self.next == self.last();
        match (status, &self.doing) {
            (_, Doing::Fresh) | (Accepted | Dispatched, _) => {}
            (AtPickup, Doing::Waiting { .. }) => self.doing = Doing::SettingOut,
            (PickedUp, _) if self.next == 0 => {
                self.next = 1.min(self.last());
                self.doing = Doing::Leaving { until: clock };
            }
            (InTransit, Doing::Leaving { .. }) => self.doing = Doing::SettingOut,
            (InTransit, _) if self.next == 0 => {
                self.next = 1.min(self.last());
                self.doing = Doing::SettingOut;
            }
            (AtDelivery, doing) if !at_last || !matches!(doing, Doing::Driving { .. } | Doing::AtStop { .. }) => {
                self.next = self.last();
                self.doing = Doing::SettingOut;
            }
            _ => {}
        }
    }
}
