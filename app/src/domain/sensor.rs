//! Words of the cold chain, and what a sensor can have measured.

use super::time::{DAY, MINUTE, Timestamp};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Writes a closed set of words that is stored, sent and read by the same code.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        // Not a rename of each by its code: utoipa does not see through a macro's literal.
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What is wrong with a unit.
    AlertType {
        TemperatureHigh = "temperature_high",
        TemperatureLow = "temperature_low",
    }
}

words! {
    AlertSeverity {
        Warning = "warning",
        /// Far outside the range: the freight is in danger.
        Critical = "critical",
    }
}

words! {
    /// How a reading came in.
    ReadingSource {
        Socket = "socket",
        Api = "api",
    }
}

words! {
    /// What a unit is.
    UnitKind {
        Trailer = "trailer",
        ColdRoom = "cold_room",
    }
}

/// Degrees Celsius that a sensor of this trade can measure, and that a range may be set to.
pub const TEMPERATURES: RangeInclusive<f64> = -90.0..=100.0;
/// Relative humidity, and what is left of a battery.
pub const PERCENT: RangeInclusive<f64> = 0.0..=100.0;
/// dBm.
pub const SIGNAL_STRENGTHS: RangeInclusive<f64> = -150.0..=0.0;
pub const DEVICE_ID_CHARS: RangeInclusive<usize> = 1..=64;
/// How far the clock of a device may be ahead.
pub const READING_AHEAD: i64 = 5 * MINUTE;
/// For how long a device may keep readings before it hands them in.
pub const READING_AGE: i64 = 30 * DAY;

/// A measurement as a device gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured<'a> {
    pub device_id: Option<&'a str>,
    pub temperature: f64,
    pub humidity: Option<f64>,
    pub battery: Option<f64>,
    pub signal_strength: Option<f64>,
    pub recorded_at: Timestamp,
}

/// Why a measurement can't be one. Reads behind the name of its [`field`](BadReading::field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadReading {
    #[error("takes 1 to 64 characters, without control characters")]
    DeviceId,
    #[error("takes -90 to 100 degrees Celsius")]
    Temperature,
    #[error("takes 0 to 100 percent")]
    Humidity,
    #[error("takes 0 to 100 percent")]
    Battery,
    #[error("takes -150 to 0 dBm")]
    SignalStrength,
    #[error("is more than 5 minutes in the future")]
    InTheFuture,
    #[error("is more than 30 days ago")]
    TooOld,
}

impl BadReading {
    /// The field that is meant, as the wire names it.
    pub const fn field(self) -> &'static str {
        match self {
            BadReading::DeviceId => "deviceId",
            BadReading::Temperature => "temperature",
            BadReading::Humidity => "humidity",
            BadReading::Battery => "battery",
            BadReading::SignalStrength => "signalStrength",
            BadReading::InTheFuture | BadReading::TooOld => "recordedAt",
        }
    }
}

/// Whether a device can have measured this, `now` being the time on the server.
pub fn check_reading(measured: &Measured<'_>, now: Timestamp) -> Result<(), BadReading> {
    // NaN is in no range, so it is refused, too.
    let fits = |value: Option<f64>, range: &RangeInclusive<f64>| value.is_none_or(|value| range.contains(&value));
    let named = |id: &str| DEVICE_ID_CHARS.contains(&id.chars().count()) && !id.contains(char::is_control);
    let age = now.since(measured.recorded_at);
    for (holds, bad) in [
        (measured.device_id.is_none_or(named), BadReading::DeviceId),
        (TEMPERATURES.contains(&measured.temperature), BadReading::Temperature),
        (fits(measured.humidity, &PERCENT), BadReading::Humidity),
        (fits(measured.battery, &PERCENT), BadReading::Battery),
        (fits(measured.signal_strength, &SIGNAL_STRENGTHS), BadReading::SignalStrength),
        (age >= -READING_AHEAD, BadReading::InTheFuture),
        (age <= READING_AGE, BadReading::TooOld),
    ] {
        if !holds {
            return Err(bad);
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "sensor_tests.rs"]
mod tests;
