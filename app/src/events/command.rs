//! The commands: what a client sends, and what it is answered.
//!
//! An answer is `{"ok": true, …}` with the fields of [`Command::Answer`], or `{"ok": false, "error": {"code", "message"}}`.

mod answer;
mod payload;

pub use answer::*;
pub use payload::*;

use super::Namespace;
use serde::{Serialize, de::DeserializeOwned};

/// One kind of command.
pub trait Command: Serialize + DeserializeOwned + Send + Sync + 'static {
    const NAME: &'static str;
    /// Where it is taken; none: everywhere.
    const NAMESPACE: Option<Namespace>;
    /// The fields beside `ok`.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
}

macro_rules! commands {
    (everywhere { $($common_name:literal $common:ident => $common_answer:ident,)* }
     $($namespace:ident { $($name:literal $command:ident => $answer:ident,)* })*) => {
        $($(impl Command for $command {
            const NAME: &'static str = $name;
            const NAMESPACE: Option<Namespace> = Some(Namespace::$namespace);
            type Answer = $answer;
        })*)*

        $(impl Command for $common {
            const NAME: &'static str = $common_name;
            const NAMESPACE: Option<Namespace> = None;
            type Answer = $common_answer;
        })*

        /// Namespace and name of every command. No namespace: it is taken in each.
        pub const COMMANDS: &[(Option<Namespace>, &str)] = &[
            $($((Some(Namespace::$namespace), $name),)*)*
            $((None, $common_name),)*
        ];
    };
}

commands! {
    everywhere {
        "auth:refresh" RefreshAuth => Refreshed,
    }
    Events {
        "presence:view" ViewPresence => Viewing,
        "presence:list" ListPresence => PresenceListed,
    }
    Dispatch {
        "join:load" JoinLoad => Joined,
        "leave:load" LeaveLoad => Left,
    }
    Tracking {
        "join:load" TrackLoad => Joined,
        "leave:load" UntrackLoad => Left,
        "location:update" ReportLocation => Received,
        "subscribe:site" SubscribeSite => Subscribed,
        "unsubscribe:site" UnsubscribeSite => Unsubscribed,
        "subscribe:unit" SubscribeUnit => Subscribed,
        "unsubscribe:unit" UnsubscribeUnit => Unsubscribed,
        "sensor:reading" ReportReading => Received,
        "get:latest" GetLatest => LatestReading,
    }
    Notifications {
        "notification:read" ReadNotification => Read,
    }
    Chat {
        "join:conversation" JoinConversation => Joined,
        "leave:conversation" LeaveConversation => Left,
        "message:send" SendMessage => MessageSent,
        "message:read" ReadMessage => Read,
        "typing" SetTyping => Heard,
    }
}
