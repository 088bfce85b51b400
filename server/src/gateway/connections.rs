//! The connections of this node. One carries as many namespaces as its client opens, and counts once.

use super::throttle::{CommandBucket, ConnectBucket, command_bucket, namespace_bucket, wait};
use crate::{
    listen::{OpenConnections, Peer},
    metrics::{CONNECTIONS, SOCKETS},
    settings::Limits,
};
use app::events::Namespace;
use axum::extract::ConnectInfo;
use http::request::Parts;
use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// So many connects into namespaces are refused to one connection before it is ended.
const REFUSALS: u32 = 20;

/// The place of a [`Connection`] in the request that it began with, which is kept as long as the connection lasts.
#[derive(Clone, Default)]
pub struct ConnectionSlot(Arc<OnceLock<Arc<Connection>>>);

/// What is known of a connection from its first namespace to its end. A namespace that is left and entered again finds
/// it as it was: leaving is no way to a new allowance.
pub struct Connection {
    standing: Mutex<Standing>,
    /// Connects into namespaces.
    connects: ConnectBucket,
    refusals: AtomicU32,
    /// Its person was counted: at the first namespace whose token is good.
    is_person_counted: AtomicBool,
    /// Sockets in namespaces.
    sockets: AtomicU32,
    /// Commands of each namespace.
    commands: [CommandBucket; Namespace::ALL.len()],
}

/// How a connection was judged by its address and its person.
enum Standing {
    New,
    Admitted,
    /// It came too often. Its other namespaces are refused as well, until it is judged anew.
    RefusedUntil(Instant),
}

impl Connection {
    fn new(limits: &Limits) -> Self {
        Self {
            standing: Mutex::new(Standing::New),
            connects: namespace_bucket(),
            refusals: AtomicU32::new(0),
            is_person_counted: AtomicBool::new(false),
            sockets: AtomicU32::new(0),
            commands: std::array::from_fn(|_| command_bucket(limits)),
        }
    }

    /// The connection that began with this request.
    pub fn of(parts: &Parts, limits: &Limits) -> Arc<Self> {
        let new = || Arc::new(Self::new(limits));
        parts.extensions.get::<ConnectionSlot>().map_or_else(new, |slot| slot.0.get_or_init(new).clone())
    }

    /// Counts a connect into a namespace. The first is judged by `admit`, and the others share its fate.
    ///
    /// # Errors
    /// When the next one is welcome.
    pub fn enter(&self, admit: impl FnOnce() -> Result<(), Duration>) -> Result<(), Duration> {
        wait(self.connects.check())?;
        let now = Instant::now();
        let mut standing = self.lock();
        match *standing {
            Standing::Admitted => Ok(()),
            Standing::RefusedUntil(until) if until > now => Err(until - now),
            Standing::New | Standing::RefusedUntil(_) => {
                let admitted = admit();
                *standing = match admitted {
                    Ok(()) => Standing::Admitted,
                    Err(wait) => Standing::RefusedUntil(now + wait),
                };
                admitted
            }
        }
    }

    /// Whether its person is still to be counted. Asked once a token was found good.
    pub fn count_person(&self) -> bool {
        !self.is_person_counted.swap(true, Ordering::AcqRel)
    }

    /// The connection came too often, as was found out later. Its person is counted again when it comes back.
    pub fn refuse(&self, wait: Duration) {
        self.is_person_counted.store(false, Ordering::Release);
        *self.lock() = Standing::RefusedUntil(Instant::now() + wait);
    }

    /// Notes a refusal. `true` once there were so many that whoever is at the other end does not listen.
    pub fn is_worn_out(&self) -> bool {
        self.refusals.fetch_add(1, Ordering::Relaxed) + 1 >= REFUSALS
    }

    /// The bucket of the commands in a namespace.
    pub fn commands(&self, namespace: Namespace) -> &CommandBucket {
        let place = Namespace::ALL.iter().position(|one| *one == namespace).unwrap_or_default();
        &self.commands[place]
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a socket among the open ones as long as it is held, and its connection as long as any of its sockets is.
pub struct OpenSocket(Arc<Connection>, Namespace);

impl OpenSocket {
    pub fn new(connection: &Arc<Connection>, namespace: Namespace) -> Self {
        metrics::gauge!(SOCKETS, "namespace" => namespace.path()).increment(1);
        if connection.sockets.fetch_add(1, Ordering::AcqRel) == 0 {
            metrics::gauge!(CONNECTIONS).increment(1);
        }
        Self(connection.clone(), namespace)
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        metrics::gauge!(SOCKETS, "namespace" => self.1.path()).decrement(1);
        if self.0.sockets.fetch_sub(1, Ordering::AcqRel) == 1 {
            metrics::gauge!(CONNECTIONS).decrement(1);
        }
    }
}

/// Ends the connection that began with this request, if it began as a WebSocket. What carried a poll may carry the requests
/// of others by now.
pub fn end(open: &OpenConnections, parts: &Parts) {
    let mut query = parts.uri.query().into_iter().flat_map(|query| query.split('&'));
    if query.any(|pair| pair == "transport=websocket")
        && let Some(ConnectInfo(Peer(peer))) = parts.extensions.get::<ConnectInfo<Peer>>()
    {
        open.end(*peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        Connection::new(&Limits { commands_per_second: 1, command_burst: 3, ..Limits::default() })
    }

    #[test]
    fn a_connection_counts_once_however_many_namespaces_it_opens() {
        let connection = connection();
        assert_eq!(connection.enter(|| Ok(())), Ok(()));
        for _ in 1..Namespace::ALL.len() {
            assert_eq!(connection.enter(|| unreachable!()), Ok(()));
        }
    }

    #[test]
    fn namespaces_of_a_connection_that_came_too_often_are_all_refused_until_it_is_judged_anew() {
        let (connection, wait) = (connection(), Duration::from_secs(60));
        assert_eq!(connection.enter(|| Err(wait)), Err(wait));
        assert!(connection.enter(|| unreachable!()).is_err());
        connection.refuse(Duration::ZERO);
        assert_eq!(connection.enter(|| Ok(())), Ok(()));
        connection.refuse(wait);
        assert!(connection.enter(|| unreachable!()).is_err());
    }

    #[test]
    fn the_person_is_counted_once_and_again_after_a_refusal() {
        let connection = connection();
        assert!(connection.count_person() && !connection.count_person());
        connection.refuse(Duration::ZERO);
        assert!(connection.count_person());
    }

    #[test]
    fn every_namespace_may_be_entered_twice_at_once_and_then_no_more() {
        let connection = connection();
        let entered = (0..50).filter(|_| connection.enter(|| Ok(())).is_ok()).count();
        assert_eq!(entered, 2 * Namespace::ALL.len());
    }

    #[test]
    fn each_namespace_has_one_bucket_of_commands_for_the_whole_connection() {
        let connection = connection();
        let taken = |namespace| (0..10).filter(|_| connection.commands(namespace).check().is_ok()).count();
        assert_eq!(taken(Namespace::Dispatch), 3);
        assert_eq!(taken(Namespace::Dispatch), 0, "entered again or not");
        assert_eq!(taken(Namespace::Tracking), 3);
    }
}
