//! The event catalogue: every event that the server sends, its name, its namespace and its payload.
//!
//! This is the only place where an event's name is spelled. Adding an event is adding a line to the table below.

mod envelope;
mod load;

pub use envelope::{AUTH_EXPIRING, AnyEnvelope, Cursor, Cursors, Envelope, STREAM_STATE, StreamState, TENANT_STREAM};
pub use load::{LoadDeleted, LoadStatusChanged};

use crate::domain::load::LoadCard;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A Socket.IO namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Namespace {
    #[serde(rename = "/events")]
    Events,
    #[serde(rename = "/dispatch")]
    Dispatch,
}

impl Namespace {
    pub const ALL: [Namespace; 2] = [Namespace::Events, Namespace::Dispatch];

    /// The path that a client connects to.
    pub const fn path(self) -> &'static str {
        match self {
            Namespace::Events => "/events",
            Namespace::Dispatch => "/dispatch",
        }
    }

    pub fn from_path(path: &str) -> Option<Self> {
        Namespace::ALL.into_iter().find(|namespace| namespace.path() == path)
    }
}

/// One kind of event.
pub trait Event: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const NAME: &'static str;
    const NAMESPACE: Namespace;

    /// The event as those without `finance_view` may see it.
    fn without_finance(self) -> Self;

    /// This kind of event, where `event` is one.
    fn of(event: &AnyEvent) -> Option<&Self>;
}

macro_rules! catalogue {
    ($($namespace:ident { $($name:literal $event:ident,)* })*) => {
        $($(impl Event for $event {
            const NAME: &'static str = $name;
            const NAMESPACE: Namespace = Namespace::$namespace;

            fn without_finance(self) -> Self {
                $event::hide_finance(self)
            }

            fn of(event: &AnyEvent) -> Option<&Self> {
                // A catalogue of one kind would make the second arm unreachable.
                #[allow(unreachable_patterns)]
                match event {
                    AnyEvent::$event(event) => Some(event),
                    _ => None,
                }
            }
        })*)*

        /// Any event of the catalogue, read by its name.
        #[derive(Debug, Clone, PartialEq)]
        pub enum AnyEvent {
            $($($event($event),)*)*
        }

        impl AnyEvent {
            /// Reads a payload by the event's name. `Ok(None)`: a name that this catalogue does not know.
            pub fn read(name: &str, data: serde_json::Value) -> serde_json::Result<Option<Self>> {
                Ok(match name {
                    $($($name => Some(AnyEvent::$event(serde_json::from_value(data)?)),)*)*
                    _ => None,
                })
            }
        }

        /// Name and namespace of every event.
        pub const CATALOGUE: &[(&str, Namespace)] = &[$($(($name, Namespace::$namespace),)*)*];
    };
}

catalogue! {
    Dispatch {
        "load:created" LoadCreated,
        "load:updated" LoadUpdated,
        "load:deleted" LoadDeleted,
        "load:status:changed" LoadStatusChanged,
    }
}

/// A load is new to the audience. Carries the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoadCreated(pub LoadCard);

/// A load changed in something other than its status alone. Carries the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoadUpdated(pub LoadCard);

impl LoadCreated {
    fn hide_finance(self) -> Self {
        Self(self.0.without_finance())
    }
}

impl LoadUpdated {
    fn hide_finance(self) -> Self {
        Self(self.0.without_finance())
    }
}
