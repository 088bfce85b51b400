//! What a sensor can have measured, around every bound.

use super::*;
use crate::domain::test_cards::NOW;

const GOOD: Measured<'static> = Measured {
    device_id: Some("probe-7"),
    temperature: -18.5,
    humidity: Some(40.0),
    battery: Some(80.0),
    signal_strength: Some(-71.0),
    recorded_at: NOW,
};

#[test]
fn what_lies_on_a_bound_is_taken_and_zero_degrees_are_a_reading() {
    for temperature in [-90.0, -0.0, 0.0, 100.0] {
        assert_eq!(check_reading(&Measured { temperature, ..GOOD }, NOW), Ok(()), "{temperature}");
    }
    for percent in [0.0, 100.0] {
        let measured = Measured { humidity: Some(percent), battery: Some(percent), ..GOOD };
        assert_eq!(check_reading(&measured, NOW), Ok(()), "{percent}");
    }
    for signal in [-150.0, 0.0] {
        assert_eq!(check_reading(&Measured { signal_strength: Some(signal), ..GOOD }, NOW), Ok(()), "{signal}");
    }
    for recorded_at in [NOW.plus(READING_AHEAD), NOW.plus(-READING_AGE)] {
        assert_eq!(check_reading(&Measured { recorded_at, ..GOOD }, NOW), Ok(()), "{recorded_at}");
    }
    let bare = Measured { device_id: None, humidity: None, battery: None, signal_strength: None, ..GOOD };
    assert_eq!(check_reading(&bare, NOW), Ok(()));
    // Characters, not bytes.
    let long = "°".repeat(64);
    assert_eq!(check_reading(&Measured { device_id: Some(&long), ..GOOD }, NOW), Ok(()));
}

#[test]
fn what_lies_beyond_a_bound_is_refused_by_its_name() {
    let long = "x".repeat(65);
    let table = [
        (Measured { device_id: Some(""), ..GOOD }, BadReading::DeviceId),
        (Measured { device_id: Some(&long), ..GOOD }, BadReading::DeviceId),
        (Measured { device_id: Some("a\0b"), ..GOOD }, BadReading::DeviceId),
        (Measured { temperature: -90.1, ..GOOD }, BadReading::Temperature),
        (Measured { temperature: 100.1, ..GOOD }, BadReading::Temperature),
        (Measured { temperature: f64::NAN, ..GOOD }, BadReading::Temperature),
        (Measured { temperature: f64::INFINITY, ..GOOD }, BadReading::Temperature),
        (Measured { humidity: Some(-0.1), ..GOOD }, BadReading::Humidity),
        (Measured { humidity: Some(f64::NAN), ..GOOD }, BadReading::Humidity),
        (Measured { battery: Some(100.1), ..GOOD }, BadReading::Battery),
        (Measured { signal_strength: Some(0.5), ..GOOD }, BadReading::SignalStrength),
        (Measured { signal_strength: Some(-151.0), ..GOOD }, BadReading::SignalStrength),
        (Measured { recorded_at: NOW.plus(READING_AHEAD + 1), ..GOOD }, BadReading::InTheFuture),
        (Measured { recorded_at: NOW.plus(-READING_AGE - 1), ..GOOD }, BadReading::TooOld),
    ];
    for (measured, bad) in table {
        assert_eq!(check_reading(&measured, NOW), Err(bad), "{measured:?}");
    }
}

#[test]
fn words_are_stored_as_they_are_sent() {
    macro_rules! check {
        ($($word:ident)*) => {$(
            for word in $word::ALL {
                assert_eq!(serde_json::to_value(word).unwrap(), word.code());
                assert_eq!($word::from_code(word.code()), Some(*word));
            }
            assert_eq!($word::from_code("else"), None);
        )*};
    }
    check!(AlertType AlertSeverity ReadingSource UnitKind);
}
