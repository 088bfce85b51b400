//! JSON that is read when somebody wants it, and as what they want.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};

/// The data of an event, or the answer to a command, as it came. Most of what a page hears concerns none of what it
/// shows; so it is kept as text until it is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// What is written out. Fails where the value can't be JSON.
    pub fn of(value: &impl Serialize) -> serde_json::Result<Self> {
        to_raw_value(value).map(Self)
    }

    /// The payload as a `T`; fails where it is none.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.as_json())
    }

    pub fn as_json(&self) -> &str {
        self.0.get()
    }
}

/// Equal is what is written alike.
impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}
