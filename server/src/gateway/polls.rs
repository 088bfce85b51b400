//! Clients that poll and have stopped: nothing else would end them before the heartbeat does. A client that reads has a
//! poll open nearly always; one that has had none for too long does not read.

use super::{Gateway, session};
use crate::supervise::Ended;
use app::events::Namespace;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;
use socketioxide::{SocketIo, TransportType, socket::Sid};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How often those who may have stopped are looked for.
const LOOK: Duration = Duration::from_secs(1);

/// The polling sessions of this node.
#[derive(Clone, Default)]
pub struct Polls(Arc<Mutex<HashMap<Sid, Poll>>>);

struct Poll {
    /// Polls that wait for their answer.
    open: u32,
    ended: Instant,
}

impl Polls {
    fn begin(&self, session: Sid) {
        self.lock().entry(session).or_insert(Poll { open: 0, ended: Instant::now() }).open += 1;
    }

    fn end(&self, session: Sid) {
        if let Some(poll) = self.lock().get_mut(&session) {
            poll.open = poll.open.saturating_sub(1);
            poll.ended = Instant::now();
        }
    }

    /// Takes out the sessions without a poll for longer than `patience`.
    fn take_silent(&self, now: Instant, patience: Duration) -> Vec<Sid> {
        let is_silent = |poll: &Poll| poll.open == 0 && now.duration_since(poll.ended) > patience;
        self.lock().extract_if(|_, poll| is_silent(poll)).map(|(session, _)| session).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Sid, Poll>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes the polls that pass.
pub async fn note(State(polls): State<Polls>, request: Request, next: Next) -> Response {
    let Some(session) = polling_session(&request) else { return next.run(request).await };
    polls.begin(session);
    // Counted down even if the client hangs up meanwhile.
    let _open = OpenPoll { polls, session };
    next.run(request).await
}

struct OpenPoll {
    polls: Polls,
    session: Sid,
}

impl Drop for OpenPoll {
    fn drop(&mut self) {
        self.polls.end(self.session);
    }
}

fn polling_session(request: &Request) -> Option<Sid> {
    if request.method() != Method::GET || !request.uri().path().starts_with("/socket.io") {
        return None;
    }
    let pairs = || request.uri().query().into_iter().flat_map(|query| query.split('&'));
    if !pairs().any(|pair| pair == "transport=polling") {
        return None;
    }
    pairs().find_map(|pair| pair.strip_prefix("sid="))?.parse().ok()
}

/// Closes those who have stopped, as long as the server runs.
pub async fn close_silent(polls: Polls, io: SocketIo, gateway: Arc<Gateway>) -> Ended {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        looks.tick().await;
        for session in polls.take_silent(Instant::now(), gateway.limits.slow_reader.0) {
            for namespace in Namespace::ALL {
                let socket = io.of(namespace.path()).and_then(|namespace| namespace.get_socket(session));
                // One that went over to a WebSocket is heard there.
                if let Some(socket) = socket.filter(|socket| socket.transport_type() == TransportType::Polling) {
                    tokio::spawn(session::close(socket));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_without_a_poll_for_too_long_is_silent() {
        let (polls, session) = (Polls::default(), Sid::new());
        let (patience, soon) = (Duration::from_secs(10), Instant::now() + Duration::from_secs(5));
        let late = soon + Duration::from_secs(10);
        polls.begin(session);
        assert!(polls.take_silent(late, patience).is_empty(), "its poll is open");
        polls.end(session);
        assert!(polls.take_silent(soon, patience).is_empty());
        assert_eq!(polls.take_silent(late, patience), [session]);
        assert!(polls.take_silent(late, patience).is_empty(), "it is told once");
    }
}
