//! Commands on their way: how one is written, and what becomes of its answer.

use crate::{
    api::{ApiError, ErrorCode},
    events::{Command, Namespace, Payload},
};
use serde::Deserialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

/// Why a command has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EmitError {
    /// There is no connection, or it was lost before the answer came: in that case the command may have been carried
    /// out all the same.
    #[error("There is no connection to the server.")]
    NotConnected,
    /// No answer in time. The command may have been carried out all the same.
    #[error("The server did not answer in time.")]
    TimedOut,
    /// The server refused, and says why.
    #[error("{message}")]
    Refused { code: ErrorCode, message: String },
    /// The answer is none that this version of the page can read.
    #[error("The answer could not be read.")]
    Unreadable,
}

/// What the link says in place of an answer that was not there in time, as JSON.
const LATE: &str = r#""late""#;
/// What it says when the connection was lost before the answer.
const LOST: &str = r#""lost""#;

/// A command as it is sent.
#[cfg_attr(not(all(target_arch = "wasm32", feature = "hydrate")), allow(dead_code, reason = "only a browser sends"))]
pub struct Message {
    pub namespace: Namespace,
    pub name: &'static str,
    /// As JSON.
    pub payload: String,
}

impl Message {
    /// A command that is taken in one namespace.
    pub fn of<C: Command>(command: &C) -> Self {
        let namespace = const {
            match C::NAMESPACE {
                Some(namespace) => namespace,
                None => panic!("this command is taken in every namespace: say in which it is meant"),
            }
        };
        Self::write(namespace, command)
    }

    /// A command that is taken in every namespace, for one of them.
    pub fn within<C: Command>(namespace: Namespace, command: &C) -> Self {
        const { assert!(C::NAMESPACE.is_none(), "the catalogue says in which namespace this command is taken") };
        Self::write(namespace, command)
    }

    fn write<C: Command>(namespace: Namespace, command: &C) -> Self {
        // What can't be written is refused by the server as malformed.
        let payload = serde_json::to_string(command).unwrap_or_else(|_| "null".into());
        Self { namespace, name: C::NAME, payload }
    }
}

/// The answer's fields, or why there is none.
pub type Answer = Result<Payload, EmitError>;

/// Takes an answer.
pub type OnAnswer = Box<dyn FnOnce(Answer)>;

/// Who waits for which answer.
#[derive(Default)]
pub struct Unanswered {
    next: Cell<u32>,
    waiting: RefCell<BTreeMap<u32, OnAnswer>>,
}

impl Unanswered {
    /// The number by which the answer will be known.
    pub fn add(&self, on_answer: OnAnswer) -> u32 {
        let number = self.next.replace(self.next.get().wrapping_add(1));
        self.waiting.borrow_mut().insert(number, on_answer);
        number
    }

    /// Hands an answer to who waits for it; one that nobody waits for is dropped.
    pub fn answer(&self, number: u32, answer: Answer) {
        let on_answer = self.waiting.borrow_mut().remove(&number);
        if let Some(on_answer) = on_answer {
            on_answer(answer);
        }
    }

    /// No answer comes any more.
    pub fn give_up(&self) {
        for (_, on_answer) in self.waiting.take() {
            on_answer(Err(EmitError::NotConnected));
        }
    }
}

/// Reads what came back: `{"ok": true, …}`, `{"ok": false, "error": {"code", "message"}}`, or what the link says.
pub fn read_answer(answer: Payload) -> Answer {
    match answer.as_json() {
        LATE => Err(EmitError::TimedOut),
        LOST => Err(EmitError::NotConnected),
        _ => match answer.read() {
            Ok(Outcome { ok: true, .. }) => Ok(answer),
            Ok(Outcome { error: Some(ApiError { code, message, .. }), .. }) => {
                Err(EmitError::Refused { code, message })
            }
            _ => Err(EmitError::Unreadable),
        },
    }
}

/// What every answer says.
#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    ok: bool,
    error: Option<ApiError>,
}

/// Reads the fields that a command is answered with.
pub fn read_fields<C: Command>(answer: Answer) -> Result<C::Answer, EmitError> {
    answer?.read().map_err(|_| EmitError::Unreadable)
}

/// An answer that is awaited.
pub struct Reply(Arc<Mutex<Slot>>);

#[derive(Default)]
struct Slot {
    answer: Option<Answer>,
    waker: Option<Waker>,
}

/// Where the answer is put. Whoever drops it unused has no connection to get one.
struct Teller(Arc<Mutex<Slot>>);

impl Reply {
    /// What is awaited, and what takes the answer.
    pub fn pair() -> (Self, OnAnswer) {
        let slot = Arc::<Mutex<Slot>>::default();
        let teller = Teller(slot.clone());
        (Self(slot), Box::new(move |answer| teller.tell(answer)))
    }
}

impl Future for Reply {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Teller {
    fn tell(&self, answer: Answer) {
        let waker = {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            slot.answer = Some(answer);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        // Told already: nobody looks at it a second time.
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner).answer.is_some();
        if !told {
            self.tell(Err(EmitError::NotConnected));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::id::LoadId,
        events::{JoinLoad, Joined, RefreshAuth},
    };
    use serde_json::{Value, json};
    use std::pin::pin;
    use uuid::Uuid;

    fn payload(value: &Value) -> Payload {
        Payload::of(value).unwrap()
    }

    fn read(answer: Value) -> Result<Joined, EmitError> {
        read_fields::<JoinLoad>(read_answer(payload(&answer)))
    }

    #[test]
    fn an_answer_is_its_fields_or_the_reason_why_there_are_none() {
        let refused = |code, message: &str| Err(EmitError::Refused { code, message: message.into() });
        for (answer, expected) in [
            (json!({ "ok": true, "joined": true }), Ok(Joined::YES)),
            (
                json!({ "ok": false, "error": { "code": "not_found", "message": "There is no such load." } }),
                refused(ErrorCode::NotFound, "There is no such load."),
            ),
            (json!({ "ok": true }), Err(EmitError::Unreadable)),
            (json!({ "ok": false, "error": { "code": "of_tomorrow", "message": "?" } }), Err(EmitError::Unreadable)),
            (json!({ "joined": true }), Err(EmitError::Unreadable)),
            (json!(null), Err(EmitError::Unreadable)),
            (json!("late"), Err(EmitError::TimedOut)),
            (json!("lost"), Err(EmitError::NotConnected)),
        ] {
            assert_eq!(read(answer.clone()), expected, "{answer}");
        }
    }

    #[test]
    fn a_command_is_written_with_its_name_and_namespace() {
        let load_id = LoadId(Uuid::nil());
        let message = Message::of(&JoinLoad { load_id });
        assert_eq!((message.namespace, message.name), (Namespace::Dispatch, "join:load"));
        assert_eq!(message.payload, format!(r#"{{"loadId":"{load_id}"}}"#));
        let message = Message::within(Namespace::Chat, &RefreshAuth { token: "t".into() });
        assert_eq!((message.namespace, message.name), (Namespace::Chat, "auth:refresh"));
    }

    fn poll(reply: Pin<&mut Reply>) -> Poll<Answer> {
        reply.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn each_answer_reaches_who_asked_for_it() {
        let unanswered = Unanswered::default();
        let (first, on_first) = Reply::pair();
        let (second, on_second) = Reply::pair();
        let (mut first, second) = (pin!(first), pin!(second));
        let (first_number, second_number) = (unanswered.add(on_first), unanswered.add(on_second));
        assert_eq!(poll(first.as_mut()), Poll::Pending);
        unanswered.answer(second_number, Ok(payload(&json!(2))));
        unanswered.answer(second_number, Ok(payload(&json!("again"))));
        unanswered.answer(99, Ok(payload(&json!("of nobody"))));
        assert_eq!(poll(first.as_mut()), Poll::Pending);
        assert_eq!(poll(second), Poll::Ready(Ok(payload(&json!(2)))));
        unanswered.answer(first_number, Ok(payload(&json!(1))));
        assert_eq!(poll(first), Poll::Ready(Ok(payload(&json!(1)))));
        assert!(unanswered.waiting.borrow().is_empty());
    }

    #[test]
    fn nobody_waits_for_ever() {
        let unanswered = Unanswered::default();
        let (given_up, on_answer) = Reply::pair();
        unanswered.add(on_answer);
        unanswered.give_up();
        assert_eq!(poll(pin!(given_up)), Poll::Ready(Err(EmitError::NotConnected)));
        let (dropped, on_answer) = Reply::pair();
        drop(on_answer);
        assert_eq!(poll(pin!(dropped)), Poll::Ready(Err(EmitError::NotConnected)));
    }
}
