//! The index of the protocol: which command is answered by what. Names, namespaces and payloads stand in the catalogue,
//! `app::events`.

use super::{
    answer,
    answer::Refused,
    chat, load_rooms, notifications, presence,
    seat::{Seat, Visit},
    sensors, session, tracking,
};
use crate::{
    metrics::{COMMANDS, THROTTLED},
    services::Retries,
};
use app::events::{Command, Namespace};
use futures::future::BoxFuture;
use serde_json::Value;
use socketioxide::{
    adapter::LocalAdapter,
    extract::{AckSender, Event, SocketRef, TryData},
    handler::{FromMessage, FromMessageParts},
};
use std::{collections::HashMap, convert::Infallible, future::Future, sync::Arc, time::Duration};
use tracing::Instrument;

/// Every command that is taken, in every namespace.
pub fn table() -> Protocol {
    Protocol::default()
        .on(session::refresh)
        .on(load_rooms::join)
        .on(load_rooms::leave)
        .on(load_rooms::track)
        .on(load_rooms::untrack)
        .on(sensors::subscribe_site)
        .on(sensors::unsubscribe_site)
        .on(sensors::subscribe_unit)
        .on(sensors::unsubscribe_unit)
        .on(sensors::latest)
        .on(sensors::report)
        .on(notifications::read)
        .on(chat::join)
        .on(chat::leave)
        .on(chat::send)
        .on(chat::read)
        .on(chat::typing)
        .on(tracking::update_location)
        .on(presence::view)
        .on(presence::list)
}

/// From the answer to whoever broke a limit until the socket is closed.
const FAREWELL: Duration = Duration::from_millis(300);

type Handler = Box<dyn Fn(Visit, Arc<Option<Value>>) -> BoxFuture<'static, Result<Value, Refused>> + Send + Sync>;

#[derive(Default)]
pub struct Protocol {
    handlers: HashMap<Namespace, HashMap<&'static str, Arc<Handler>>>,
}

impl Protocol {
    /// Answers a command by `handle`, in the namespace that the catalogue says.
    fn on<C, F, Fut>(mut self, handle: F) -> Self
    where
        C: Command,
        F: Fn(Visit, C) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<C::Answer, Refused>> + Send + 'static,
    {
        let handler: Handler = Box::new(move |visit, payload| {
            let handle = handle.clone();
            Box::pin(async move {
                // Without fields a command takes no argument, or an empty object.
                let command = match &*payload {
                    Some(payload) => C::deserialize(payload)
                        .map_err(|error| Refused::bad_request(format!("The command could not be read: {error}.")))?,
                    None => C::deserialize(Value::Object(Default::default()))
                        .map_err(|_| Refused::bad_request("The command takes one argument."))?,
                };
                answer::written(handle(visit, command).await)
            })
        });
        let handler = Arc::new(handler);
        for namespace in Namespace::ALL.into_iter().filter(|namespace| C::NAMESPACE.is_none_or(|of| of == *namespace)) {
            self.handlers.entry(namespace).or_default().insert(C::NAME, handler.clone());
        }
        self
    }
}

/// Takes every command of a socket.
pub fn listen(socket: &SocketRef) {
    socket.on_fallback(async |_: Taken| {});
}

/// A command that was put into the socket's inbox. An extractor, since extractors alone run in the order of arrival.
struct Taken;

impl FromMessage<LocalAdapter> for Taken {
    type Error = Infallible;

    fn from_message(
        socket: Arc<socketioxide::socket::Socket>,
        mut payload: socketioxide::handler::Value,
        ack: Option<i64>,
    ) -> Result<Self, Infallible> {
        let event = Event::from_message_parts(&socket, &mut payload, &ack);
        let TryData(data) = TryData::<Value>::from_message_parts(&socket, &mut payload, &ack)?;
        let ack = AckSender::from_message(socket.clone(), payload, ack)?;
        let socket = SocketRef::from(socket);
        let Some(seat) = socket.extensions.get::<Arc<Seat>>() else { return Ok(Taken) };
        let Ok(Event(event)) = event else { return Ok(Taken) };
        take(Visit { seat, socket }, event, data.ok(), ack);
        Ok(Taken)
    }
}

fn take(visit: Visit, event: String, payload: Option<Value>, ack: AckSender) {
    let seat = visit.seat.clone();
    if seat.is_deaf() {
        return;
    }
    metrics::counter!(COMMANDS, "namespace" => seat.namespace.path()).increment(1);
    let breach = if seat.transport.commands(seat.namespace).check().is_err() {
        Some(("commands", "Too many commands a second."))
    } else if seat.inbox.waiting() >= seat.gateway.limits.queued_commands {
        Some(("queue", "Too many commands wait for those before them."))
    } else {
        None
    };
    if let Some((limit, message)) = breach {
        // At once: whoever floods the inbox does not wait in it.
        seat.stop_listening();
        metrics::counter!(THROTTLED, "limit" => limit).increment(1);
        tokio::spawn(answer_and_close(visit, ack, Err(Refused::breach(message))));
        return;
    }
    seat.inbox.push(Box::pin(async move {
        let (connection, namespace) = (visit.seat.connection, visit.seat.namespace.path());
        let span = tracing::info_span!("command", %connection, namespace);
        let answer = carry_out(visit.clone(), &event, payload).instrument(span).await;
        if let Err(refused) = &answer
            && refused.is_final
        {
            visit.seat.stop_listening();
            if refused.is_breach {
                metrics::counter!(THROTTLED, "limit" => "rooms").increment(1);
            }
            tokio::spawn(answer_and_close(visit, ack, answer));
        } else {
            answer::send(ack, &answer);
        }
    }));
}

async fn carry_out(visit: Visit, event: &str, payload: Option<Value>) -> Result<Value, Refused> {
    check_login(&visit)?;
    let handlers = visit.gateway().protocol.handlers.get(&visit.seat.namespace);
    let handler = handlers.and_then(|handlers| handlers.get(event)).cloned();
    let handler = handler.ok_or_else(|| Refused::bad_request("This namespace does not know the command."))?;
    if payload.as_ref().is_some_and(holds_nul) {
        return Err(Refused::bad_request("Text can't hold the character NUL."));
    }
    // Done again where others were in the way in the database, before anybody is told.
    let payload = Arc::new(payload);
    let mut retries = Retries::begin();
    loop {
        let answer = handler(visit.clone(), payload.clone()).await;
        if !answer.as_ref().is_err_and(Refused::is_unavailable) || !retries.wait().await {
            return answer;
        }
    }
}

/// A socket is closed when its login is revoked or ends; until that is done its commands are refused.
fn check_login(visit: &Visit) -> Result<(), Refused> {
    let (gateway, claims) = (visit.gateway(), visit.seat.claims());
    if gateway.door.is_revoked(&claims) {
        return Err(Refused::shut_out("The session was logged out."));
    }
    if claims.expires_at() <= gateway.services.clock.now() {
        return Err(Refused::shut_out("The login has expired."));
    }
    Ok(())
}

/// PostgreSQL stores no NUL, and no text has one.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

/// Answers whoever broke a limit, and closes the socket a little later: a command that is still on its way to a namespace
/// that was left ends the whole connection, and with it the answer.
async fn answer_and_close(visit: Visit, ack: AckSender, answer: Result<Value, Refused>) {
    answer::send(ack, &answer);
    tokio::time::sleep(FAREWELL).await;
    session::close(visit.socket).await;
}
