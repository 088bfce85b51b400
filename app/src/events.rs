//! The event catalogue: every event that the server sends and every command that it takes, with name, namespace and
//! payload.
//!
//! This is the only place where a name is spelled. Adding an event or a command is adding a line to a table below.

mod announcement;
mod carrier;
mod chat;
mod command;
mod envelope;
mod load;
mod namespace;
mod notification;
mod payload;
mod presence;
mod sensor;
mod tracking;

pub use announcement::{SystemAnnouncement, SystemMaintenance};
pub use carrier::{CarrierComplianceAlert, CarrierCreated, CarrierUpdated};
pub use chat::*;
pub use command::*;
pub use envelope::{
    AUTH_EXPIRING, AnyEnvelope, Cursor, Cursors, Envelope, RawEnvelope, STREAM_STATE, StreamState, TENANT_STREAM,
};
pub use load::*;
pub use namespace::Namespace;
pub use notification::*;
pub use payload::Payload;
pub use presence::*;
pub use sensor::*;
pub use tracking::*;

use serde::{Serialize, de::DeserializeOwned};

/// One kind of event.
pub trait Event: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const NAME: &'static str;
    const NAMESPACE: Namespace;
    /// Volatile events belong to no stream: they are neither stored nor sent again.
    const VOLATILE: bool;

    /// The event as those without `finance_view` may see it.
    fn without_finance(self) -> Self;

    /// The event as carriers and drivers may see it.
    fn for_outside(self) -> Self;

    /// This kind of event, where `event` is one.
    fn of(event: &AnyEvent) -> Option<&Self>;
}

/// What stands behind an event in the table.
macro_rules! trait_of {
    (volatile: volatile) => {
        true
    };
    (volatile: $($other:ident)?) => {
        false
    };
    (plain $event:ident: money) => {
        $event.hide_finance()
    };
    (plain $event:ident: $($other:ident)?) => {
        $event
    };
    (outside $event:ident: money) => {
        $event.for_outside()
    };
    (outside $event:ident: inner) => {
        $event.for_outside()
    };
    (outside $event:ident: $($other:ident)?) => {
        $event
    };
}

macro_rules! events {
    ($($namespace:ident { $($name:literal $event:ident $($mark:ident)?,)* })*) => {
        $($(impl Event for $event {
            const NAME: &'static str = $name;
            const NAMESPACE: Namespace = Namespace::$namespace;
            const VOLATILE: bool = trait_of!(volatile: $($mark)?);

            fn without_finance(self) -> Self {
                let event = self;
                trait_of!(plain event: $($mark)?)
            }

            fn for_outside(self) -> Self {
                let event = self;
                trait_of!(outside event: $($mark)?)
            }

            fn of(event: &AnyEvent) -> Option<&Self> {
                match event {
                    AnyEvent::$event(event) => Some(event),
                    _ => None,
                }
            }
        })*)*

        /// Any event of the catalogue, read by its namespace and name.
        #[derive(Debug, Clone, PartialEq)]
        pub enum AnyEvent {
            $($($event($event),)*)*
        }

        impl AnyEvent {
            /// Reads a payload by the event's namespace and name. `Ok(None)`: this catalogue does not know it.
            pub fn read(namespace: Namespace, name: &str, data: &Payload) -> serde_json::Result<Option<Self>> {
                Ok(match (namespace, name) {
                    $($((Namespace::$namespace, $name) => Some(AnyEvent::$event(data.read()?)),)*)*
                    _ => None,
                })
            }
        }

        /// Namespace, name, and whether it is volatile, of every event.
        pub const EVENTS: &[(Namespace, &str, bool)] = &[
            $($((Namespace::$namespace, $name, <$event as Event>::VOLATILE),)*)*
        ];
    };
}

// `money`: the event carries a card, which goes without its money to those who may not see it. `volatile`: see `Event::VOLATILE`.
events! {
    Events {
        "carrier:created" CarrierCreated,
        "carrier:updated" CarrierUpdated,
        "carrier:compliance:alert" CarrierComplianceAlert,
        "user:online" UserOnline volatile,
        "user:offline" UserOffline volatile,
        "presence:update" PresenceUpdate volatile,
        "system:maintenance" SystemMaintenance volatile,
        "system:announcement" SystemAnnouncement,
    }
    Dispatch {
        "load:created" LoadCreated money,
        "load:updated" LoadUpdated money,
        "load:deleted" LoadDeleted,
        "load:status:changed" LoadStatusChanged inner,
        "load:assigned" LoadAssigned inner,
        "load:dispatched" LoadDispatched,
        "load:delivered" LoadDelivered,
        "load:claimed" LoadClaimed,
        "carrier:load:assigned" CarrierLoadAssigned,
    }
    Tracking {
        "load:location:updated" LoadLocationUpdated volatile,
        "load:location:batch" LoadLocationBatch volatile,
        "load:eta:updated" LoadEtaUpdated inner,
        "stop:arrived" StopArrived,
        "stop:departed" StopDeparted,
        "checkcall:received" CheckCallReceived,
        "sensor:reading" SensorReading volatile,
        "sensor:readings:batch" SensorReadingsBatch volatile,
        "alert:triggered" AlertTriggered,
        "alert:resolved" AlertResolved,
    }
    Notifications {
        "notification:new" NotificationNew,
        "notification:read" NotificationRead,
    }
    Chat {
        "message:new" MessageNew,
        "message:read" MessageRead,
        "typing" Typing volatile,
        "presence:update" ConversationPresence volatile,
    }
}

#[cfg(test)]
#[path = "events/catalogue_tests.rs"]
mod tests;
