//! What the commands are answered, beside `ok`.

use super::super::{MessageNew, PresenceUpdate, SensorReading};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Writes answers that say that it was done: `{"<field>": true}`.
macro_rules! done {
    ($($name:ident { $field:ident })*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            /// Always true: what was not done is answered with an error.
            pub $field: bool,
        }

        impl $name {
            pub const YES: Self = Self { $field: true };
        }
    )*};
}

done! {
    Joined { joined }
    Left { left }
    Subscribed { subscribed }
    Unsubscribed { unsubscribed }
    Received { received }
    Read { read }
    Heard { heard }
    Viewing { viewing }
}

/// Who is online, and what each looks at, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PresenceListed {
    pub users: Vec<PresenceUpdate>,
}

/// The newest reading of a unit, if it has sent any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LatestReading {
    pub reading: Option<SensorReading>,
}

/// The message as it was stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageSent {
    pub message: MessageNew,
}

/// The end of the login as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refreshed {
    pub expires_at: Timestamp,
}
