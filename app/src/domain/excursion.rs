//! Excursions: when a unit has been too warm or too cold for so long that somebody must be told, and when it is well again.
//!
//! Time is that of the readings, not of their arrival. Between two readings that are outside, the unit counts as outside,
//! however far apart they are: nothing says otherwise.

use super::{
    sensor::{AlertSeverity, AlertType},
    time::Timestamp,
};

/// Degrees Celsius beyond the range from which on the freight is in danger; exactly so many are not yet.
pub const CRITICAL_BEYOND: f64 = 5.0;

/// 9.4 - 4.4 is a little more than 5 in binary.
const ROUNDING: f64 = 1e-9;

/// What a unit has to keep to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Degrees Celsius; both ends are inside.
    pub min: f64,
    pub max: f64,
    /// Milliseconds for which it may be outside before anybody is told.
    pub min_duration: i64,
}

impl Limits {
    /// On which side a temperature is outside, and by how many degrees.
    fn excess(&self, temperature: f64) -> Option<(AlertType, f64)> {
        if temperature > self.max {
            Some((AlertType::TemperatureHigh, temperature - self.max))
        } else if temperature < self.min {
            Some((AlertType::TemperatureLow, self.min - temperature))
        } else {
            None
        }
    }
}

/// What somebody was told and is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    pub kind: AlertType,
    pub severity: AlertSeverity,
}

/// What follows from a reading. Where there are two, the first is always [`Step::Resolved`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Tell somebody.
    Triggered(Raised),
    /// What was told is over.
    Resolved,
}

/// Where a unit stands. These three are all that has to be kept of its past.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Watch {
    /// Time of the newest reading that was judged.
    pub judged_at: Option<Timestamp>,
    /// Since when every reading was outside.
    pub outside_since: Option<Timestamp>,
    pub raised: Option<Raised>,
}

impl Watch {
    /// Judges a reading. One that is not newer than the newest that was judged changes nothing.
    ///
    /// A warning that becomes critical, and a unit that goes from too warm to too cold without being well between them,
    /// end one alert and begin another. A critical alert stays so until the unit is well.
    pub fn judge(&mut self, limits: &Limits, at: Timestamp, temperature: f64) -> Vec<Step> {
        if self.judged_at.is_some_and(|judged| at <= judged) {
            return Vec::new();
        }
        self.judged_at = Some(at);
        let was = self.raised;
        match limits.excess(temperature) {
            None => {
                self.outside_since = None;
                self.raised = None;
            }
            Some((kind, degrees)) => {
                let since = *self.outside_since.get_or_insert(at);
                if at.since(since) >= limits.min_duration {
                    let severity = severity_of(degrees);
                    self.raised = Some(match was {
                        Some(raised) if raised.kind == kind && severity == AlertSeverity::Warning => raised,
                        _ => Raised { kind, severity },
                    });
                } else {
                    // What was raised under a shorter duration stays raised, as long as it is the same trouble.
                    self.raised = was.filter(|raised| raised.kind == kind);
                }
            }
        }
        if was == self.raised {
            return Vec::new();
        }
        let ended = was.map(|_| Step::Resolved);
        ended.into_iter().chain(self.raised.map(Step::Triggered)).collect()
    }

    /// Judges the newest reading once more, after the limits were changed. `outside_since` is the first of the unbroken
    /// run of readings up to it that are outside the new limits.
    pub fn judge_anew(
        &mut self,
        limits: &Limits,
        outside_since: Option<Timestamp>,
        at: Timestamp,
        temperature: f64,
    ) -> Vec<Step> {
        self.judged_at = None;
        self.outside_since = outside_since;
        self.judge(limits, at, temperature)
    }
}

fn severity_of(degrees_outside: f64) -> AlertSeverity {
    if degrees_outside > CRITICAL_BEYOND + ROUNDING { AlertSeverity::Critical } else { AlertSeverity::Warning }
}

#[cfg(test)]
#[path = "excursion_tests.rs"]
mod tests;
