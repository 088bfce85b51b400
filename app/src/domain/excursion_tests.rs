//! Excursions: told stories as a table, and what holds for any series of readings.

use super::*;
use crate::domain::{test_cards::NOW, time::MINUTE};
use proptest::prelude::*;

/// 2 to 8 degrees, outside for at most ten minutes.
const LIMITS: Limits = Limits { min: 2.0, max: 8.0, min_duration: 10 * MINUTE };

fn triggered(kind: AlertType, severity: AlertSeverity) -> Step {
    Step::Triggered(Raised { kind, severity })
}

/// Judges readings, each of a minute and a temperature; what followed, with the minute of the reading.
fn story(limits: &Limits, readings: &[(i64, f64)]) -> (Vec<(i64, Step)>, Watch) {
    let mut watch = Watch::default();
    let steps = readings.iter().flat_map(|&(minute, temperature)| {
        let steps = watch.judge(limits, NOW.plus(minute * MINUTE), temperature);
        steps.into_iter().map(move |step| (minute, step))
    });
    (steps.collect(), watch)
}

#[test]
fn stories_of_a_unit() {
    use AlertSeverity::{Critical, Warning};
    use AlertType::{TemperatureHigh as High, TemperatureLow as Low};
    let warm = triggered(High, Warning);
    type Story = (&'static str, Vec<(i64, f64)>, Vec<(i64, Step)>);
    let table: Vec<Story> = vec![
        ("both ends of the range are inside", vec![(0, 2.0), (20, 8.0), (40, 2.0)], vec![]),
        ("too warm, but not for long", vec![(0, 9.0), (9, 9.0), (10, 8.0), (20, 9.0)], vec![]),
        ("told once, at the end of the duration", vec![(0, 9.0), (10, 9.0), (20, 9.0), (30, 9.0)], vec![(10, warm)]),
        ("well again", vec![(0, 9.0), (10, 9.0), (11, 8.0), (12, 8.0)], vec![(10, warm), (11, Step::Resolved)]),
        ("too cold", vec![(0, 1.9), (10, 1.9)], vec![(10, triggered(Low, Warning))]),
        ("far too cold", vec![(0, -30.0), (10, -30.0)], vec![(10, triggered(Low, Critical))]),
        ("exactly five degrees outside are a warning", vec![(0, 13.0), (10, 13.0)], vec![(10, warm)]),
        (
            "a warning that worsens",
            vec![(0, 9.0), (10, 9.0), (11, 13.1), (12, 20.0)],
            vec![(10, warm), (11, Step::Resolved), (11, triggered(High, Critical))],
        ),
        (
            "critical stays critical until it is well",
            vec![(0, 20.0), (10, 20.0), (11, 9.0), (12, 20.0), (13, 5.0)],
            vec![(10, triggered(High, Critical)), (13, Step::Resolved)],
        ),
        (
            "from too warm to too cold without being well",
            vec![(0, 9.0), (10, 9.0), (11, 0.0)],
            vec![(10, warm), (11, Step::Resolved), (11, triggered(Low, Warning))],
        ),
        (
            "time of both sides counts together",
            vec![(0, 9.0), (5, 0.0), (10, 0.0)],
            vec![(10, triggered(Low, Warning))],
        ),
        ("a silence between two readings outside", vec![(0, 9.0), (300, 9.0)], vec![(300, warm)]),
        ("a late reading does not end an alert", vec![(0, 9.0), (10, 9.0), (5, 5.0)], vec![(10, warm)]),
        ("a late reading does not begin one", vec![(0, 5.0), (10, 5.0), (-20, 9.0), (11, 9.0)], vec![]),
        ("the same moment twice", vec![(0, 9.0), (10, 9.0), (10, 5.0)], vec![(10, warm)]),
        (
            "a second excursion",
            vec![(0, 9.0), (10, 9.0), (11, 5.0), (12, 9.0), (22, 9.0)],
            vec![(10, warm), (11, Step::Resolved), (22, warm)],
        ),
    ];
    for (name, readings, expected) in table {
        assert_eq!(story(&LIMITS, &readings).0, expected, "{name}");
    }
}

#[test]
fn without_a_duration_the_first_reading_outside_is_told() {
    let at_once = Limits { min_duration: 0, ..LIMITS };
    let warm = triggered(AlertType::TemperatureHigh, AlertSeverity::Warning);
    assert_eq!(story(&at_once, &[(0, 8.1)]).0, [(0, warm)]);
}

#[test]
fn five_degrees_are_five_degrees_however_they_are_written() {
    let limits = Limits { min: 0.0, max: 4.4, min_duration: 0 };
    for (temperature, severity) in [(9.4, AlertSeverity::Warning), (9.41, AlertSeverity::Critical)] {
        let told = story(&limits, &[(0, temperature)]).0;
        assert_eq!(told, [(0, triggered(AlertType::TemperatureHigh, severity))], "{temperature}");
    }
}

#[test]
fn new_limits_are_held_against_the_newest_reading() {
    let (_, mut watch) = story(&LIMITS, &[(0, 9.0), (10, 9.0)]);
    let wider = Limits { max: 10.0, ..LIMITS };
    let newest = NOW.plus(10 * MINUTE);
    assert_eq!(watch.judge_anew(&wider, None, newest, 9.0), [Step::Resolved]);
    assert_eq!(watch, Watch { judged_at: Some(newest), ..Watch::default() });
    let warm = triggered(AlertType::TemperatureHigh, AlertSeverity::Warning);
    assert_eq!(watch.judge_anew(&LIMITS, Some(NOW), newest, 9.0), [warm]);
    // A longer duration does not take back what was told of the same trouble.
    let patient = Limits { min_duration: 60 * MINUTE, ..LIMITS };
    assert_eq!(watch.judge_anew(&patient, Some(NOW), newest, 9.0), []);
}

/// Whether an alert stands at the end, and which: by looking at the whole series at once.
fn standing(limits: &Limits, readings: &[(Timestamp, f64)]) -> Option<Raised> {
    let side = |temperature: f64| limits.excess(temperature).map(|(kind, _)| kind);
    let first = readings.iter().rposition(|&(_, t)| side(t).is_none()).map_or(0, |inside| inside + 1);
    let run = &readings[first..];
    let (began, kind) = (run.first()?.0, side(run.last()?.1)?);
    // Of the last stretch on this side, what came once the duration was over.
    let stretch = run.iter().rposition(|&(_, t)| side(t) != Some(kind)).map_or(0, |other| other + 1);
    let mut told = run[stretch..].iter().filter(|(at, _)| at.since(began) >= limits.min_duration).peekable();
    told.peek()?;
    let is_critical = told.any(|&(_, t)| limits.excess(t).is_some_and(|(_, degrees)| degrees > 5.0));
    let severity = if is_critical { AlertSeverity::Critical } else { AlertSeverity::Warning };
    Some(Raised { kind, severity })
}

/// Steps in minutes, backwards too, and temperatures around the range.
fn readings() -> impl Strategy<Value = Vec<(i64, f64)>> {
    let temperature = (-12..30i32).prop_map(|half| f64::from(half) / 1.5);
    prop::collection::vec((-6..12i64, temperature), 0..60)
}

proptest! {
    #[test]
    fn at_most_one_alert_stands_and_it_is_the_one_that_the_readings_say(
        steps in readings(), minutes in 0..30i64
    ) {
        let limits = Limits { min_duration: minutes * MINUTE, ..LIMITS };
        let (mut watch, mut open, mut now) = (Watch::default(), None, NOW);
        let mut in_order: Vec<(Timestamp, f64)> = Vec::new();
        for (pause, temperature) in steps {
            now = now.plus(pause * MINUTE);
            let before = watch;
            let followed = watch.judge(&limits, now, temperature);
            if in_order.last().is_some_and(|&(newest, _)| now <= newest) {
                prop_assert_eq!(&followed, &[]);
                prop_assert_eq!(watch, before);
            } else {
                in_order.push((now, temperature));
            }
            for step in followed {
                match step {
                    Step::Triggered(raised) => prop_assert_eq!(open.replace(raised), None, "two at a time"),
                    Step::Resolved => prop_assert!(open.take().is_some(), "nothing to resolve"),
                }
            }
            prop_assert_eq!(open, watch.raised);
            prop_assert_eq!(open, standing(&limits, &in_order));
        }
    }
}
