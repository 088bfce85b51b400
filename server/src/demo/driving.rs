//! How long a trip takes a driver who keeps the hours of service.
//!
//! 49 CFR 395.3(a)(3), simplified: at most 11 hours of driving after 10 consecutive hours off duty, and after 8 hours of
//! driving an interruption of 30 minutes. The 14-hour window, the 60/70-hour limits and the sleeper berth are left out.

/// Hours that may be driven between two daily rests.
pub const DAY_LIMIT: f64 = 11.0;
/// Hours of a daily rest.
pub const REST: f64 = 10.0;
/// Hours that may be driven without an interruption.
pub const BREAK_AFTER: f64 = 8.0;
/// Hours of an interruption.
pub const BREAK: f64 = 0.5;
/// Miles an hour that a truck makes on a long trip, fuel stops and traffic included.
pub const PACE_MPH: f64 = 55.0;

/// Below this many hours, a limit is reached.
const MOMENT: f64 = 1e-6;

/// What a driver has driven since the last rest and the last interruption, in hours.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Duty {
    since_rest: f64,
    since_break: f64,
}

impl Duty {
    /// A driver who has driven so many hours since the daily rest.
    pub fn after(hours: f64) -> Self {
        Self { since_rest: hours, since_break: hours }
    }

    /// Hours that may be driven before the next pause.
    pub fn left(&self) -> f64 {
        (DAY_LIMIT - self.since_rest).min(BREAK_AFTER - self.since_break).max(0.0)
    }

    pub fn drive(&mut self, hours: f64) {
        self.since_rest += hours;
        self.since_break += hours;
    }

    /// Hours of the pause that has to be made now, if one has.
    pub fn pause_due(&self) -> Option<f64> {
        if self.since_rest >= DAY_LIMIT - MOMENT {
            Some(REST)
        } else {
            (self.since_break >= BREAK_AFTER - MOMENT).then_some(BREAK)
        }
    }

    /// Stands still for so many hours, whatever for.
    pub fn stand(&mut self, hours: f64) {
        if hours >= REST - MOMENT {
            *self = Self::default();
        } else if hours >= BREAK - MOMENT {
            self.since_break = 0.0;
        }
    }
}

/// A stretch of a trip that is driven without a pause. Hours since the start of the trip, miles from its start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub hours: (f64, f64),
    pub miles: (f64, f64),
}

/// The stretches in which a driver drives so many miles at so many miles an hour. `duty` is left as it is at the end.
pub fn stretches(miles: f64, mph: f64, duty: &mut Duty) -> Vec<Stretch> {
    // Slower than walking would never arrive.
    let mph = mph.max(1.0);
    let (mut hour, mut mile) = (0.0, 0.0);
    let mut stretches = Vec::new();
    while mile < miles {
        if let Some(pause) = duty.pause_due() {
            duty.stand(pause);
            hour += pause;
        }
        let hours = duty.left().min((miles - mile) / mph);
        // The last stretch ends where the trip does, whatever the rounding.
        let end = if (miles - mile) / mph <= duty.left() { miles } else { mile + hours * mph };
        stretches.push(Stretch { hours: (hour, hour + hours), miles: (mile, end) });
        duty.drive(hours);
        (hour, mile) = (hour + hours, end);
    }
    stretches
}

/// Hours that so many miles take, pauses included.
pub fn hours_for(miles: f64, mph: f64, mut duty: Duty) -> f64 {
    stretches(miles, mph, &mut duty).last().map_or(0.0, |stretch| stretch.hours.1)
}

/// The mile that is reached so many hours after the start, and whether the truck drives then.
pub fn mile_at(stretches: &[Stretch], hour: f64) -> (f64, bool) {
    let Some(stretch) = stretches.iter().rev().find(|stretch| stretch.hours.0 <= hour) else { return (0.0, false) };
    let (begin, end) = stretch.hours;
    let fraction = if end > begin { ((hour - begin) / (end - begin)).min(1.0) } else { 1.0 };
    (stretch.miles.0 + (stretch.miles.1 - stretch.miles.0) * fraction, hour < end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eight_hours_then_a_break_three_hours_then_a_rest() {
        let driven = stretches(60.0 * 12.0, 60.0, &mut Duty::default());
        let hours: Vec<_> = driven.iter().map(|stretch| stretch.hours).collect();
        assert_eq!(hours, [(0.0, 8.0), (8.5, 11.5), (21.5, 22.5)]);
        assert_eq!(hours_for(60.0 * 12.0, 60.0, Duty::default()), 22.5);
        assert_eq!(hours_for(60.0, 60.0, Duty::after(11.0)), 11.0);
    }

    #[test]
    fn knows_the_mile_while_driving_and_while_resting() {
        let driven = stretches(720.0, 60.0, &mut Duty::default());
        assert_eq!(mile_at(&driven, 2.0), (120.0, true));
        assert_eq!(mile_at(&driven, 15.0), (660.0, false));
        assert_eq!(mile_at(&driven, 99.0), (720.0, false));
        assert_eq!(mile_at(&[], 1.0), (0.0, false));
    }

    proptest! {
        #[test]
        fn no_limit_is_broken_and_no_mile_is_lost(miles in 0.0..3000.0f64, mph in 30.0..75.0f64, driven in 0.0..11.0f64) {
            let mut duty = Duty::after(driven.min(8.0));
            let driven = stretches(miles, mph, &mut duty);
            let mut mile = 0.0;
            for stretch in &driven {
                prop_assert!(stretch.hours.1 - stretch.hours.0 <= BREAK_AFTER + 1e-9);
                prop_assert_eq!(stretch.miles.0, mile);
                mile = stretch.miles.1;
            }
            prop_assert_eq!(mile, miles);
            prop_assert!(duty.since_rest <= DAY_LIMIT + 1e-9);
        }
    }
}
