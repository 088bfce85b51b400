//! Words of the cold chain.

use serde::{Deserialize, Serialize};

/// Writes a closed set of words that is stored, sent and read by the same code.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
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
