//! The index of the protocol: which command is answered by what. Names, namespaces and payloads stand in the catalogue,
//! `app::events`.

use super::{
    Gateway, answer,
    answer::Refused,
    load_rooms, presence,
    seat::{Seat, Visit},
    session,
};
use app::events::{Command, Namespace};
use futures::future::BoxFuture;
use serde_json::Value;
use socketioxide::{
    adapter::LocalAdapter,
    extract::{AckSender, Event, SocketRef, TryData},
    handler::{FromMessage, FromMessageParts},
};
use std::{collections::HashMap, convert::Infallible, future::Future, sync::Arc};

/// Every command that is taken, in every namespace.
pub fn table() -> Protocol {
    Protocol::default()
        .on(session::refresh)
        .on(load_rooms::join)
        .on(load_rooms::leave)
        .on(load_rooms::track)
        .on(load_rooms::untrack)
        .on(presence::view)
        .on(presence::list)
}

type Handler = Box<dyn Fn(Visit, Value) -> BoxFuture<'static, Result<Value, Refused>> + Send + Sync>;

#[derive(Default)]
pub struct Protocol {
    handlers: HashMap<(Namespace, &'static str), Arc<Handler>>,
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
                let command = serde_json::from_value(payload)
                    .map_err(|error| Refused::bad_request(format!("The command could not be read: {error}.")))?;
                answer::written(handle(visit, command).await)
            })
        });
        let handler = Arc::new(handler);
        for namespace in Namespace::ALL.into_iter().filter(|namespace| C::NAMESPACE.is_none_or(|of| of == *namespace)) {
            self.handlers.insert((namespace, C::NAME), handler.clone());
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
    let Visit { seat, socket } = visit.clone();
    if seat.is_deaf() {
        return;
    }
    let gateway = seat.gateway.clone();
    metrics::counter!(crate::metrics::COMMANDS, "namespace" => seat.namespace.path()).increment(1);
    let admitted = if seat.bucket.check().is_ok() { Ok(()) } else { Err("Too many commands a second.") };
    let job = {
        let gateway = gateway.clone();
        async move {
            let answer = match admitted {
                Ok(()) => carry_out(&gateway, visit.clone(), &event, payload).await,
                Err(breach) => Err(Refused::breach(breach)),
            };
            close_after(&visit, ack, answer).await;
        }
    };
    if admitted.is_err() {
        // At once: whoever floods the inbox does not wait in it.
        seat.stop_listening();
        tokio::spawn(job);
    } else if seat.inbox.push(gateway.limits.queued_commands, Box::pin(job)).is_err() {
        tracing::debug!(id = %seat.connection, "a socket has too many commands under way");
        seat.stop_listening();
        metrics::counter!(crate::metrics::THROTTLED, "limit" => "queue").increment(1);
        tokio::spawn(async move { session::close(socket).await });
    }
}

async fn carry_out(gateway: &Gateway, visit: Visit, event: &str, payload: Option<Value>) -> Result<Value, Refused> {
    let handler =
        gateway.protocol.handlers.iter().find(|((of, name), _)| *of == visit.seat.namespace && *name == event);
    let (_, handler) = handler.ok_or_else(|| Refused::bad_request("This namespace does not know the command."))?;
    let payload = payload.ok_or_else(|| Refused::bad_request("The command takes one argument."))?;
    handler(visit, payload).await
}

/// Answers, and closes the socket of whoever broke a limit.
async fn close_after(visit: &Visit, ack: AckSender, answer: Result<Value, Refused>) {
    answer::send(ack, &answer);
    if answer.is_err_and(|refused| refused.is_breach) {
        visit.seat.stop_listening();
        metrics::counter!(crate::metrics::THROTTLED, "limit" => "commands").increment(1);
        session::close(visit.socket.clone()).await;
    }
}
