//! Words for where a truck is and when it will arrive.

use serde::{Deserialize, Serialize};

/// Whether a truck will be in time for the window of its next stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EtaState {
    OnTime,
    /// Within an hour of the window's end.
    Tight,
    Late,
    /// Without a position for too long.
    NoSignal,
}

/// Who reported a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PositionSource {
    /// The driver's phone, over the socket.
    Driver,
    /// Another system, over REST.
    Api,
    /// The demo's fleet.
    Simulator,
}

impl PositionSource {
    pub const ALL: [PositionSource; 3] = [PositionSource::Driver, PositionSource::Api, PositionSource::Simulator];

    pub const fn code(self) -> &'static str {
        match self {
            PositionSource::Driver => "driver",
            PositionSource::Api => "api",
            PositionSource::Simulator => "simulator",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        PositionSource::ALL.into_iter().find(|source| source.code() == code)
    }
}
