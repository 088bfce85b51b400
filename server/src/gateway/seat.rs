//! What is known of a socket in one namespace, from its connect to its end.

use super::{
    Gateway,
    connections::{Connection, OpenSocket},
    inbox::Inbox,
};
use crate::{auth::token::Claims, services::Caller};
use app::{
    domain::time::Timestamp,
    events::{Cursor, Namespace},
};
use socketioxide::extract::SocketRef;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};
use uuid::Uuid;

/// A place at a namespace's table.
pub struct Seat {
    pub gateway: Arc<Gateway>,
    pub namespace: Namespace,
    /// Names the socket to others and in logs. The socket's own id opens a polling session to whoever knows it.
    pub connection: Uuid,
    claims: RwLock<Arc<Claims>>,
    /// The places in the streams that the client knew when it connected; taken when it enters them.
    pub cursors: Mutex<BTreeMap<String, Cursor>>,
    /// Takes positions in batches.
    pub takes_batches: bool,
    pub inbox: Inbox,
    /// The connection that the socket is on, with others in other namespaces.
    pub transport: Arc<Connection>,
    _open: OpenSocket,
    /// When the expiry clock looks at it next.
    due: Mutex<Option<Timestamp>>,
    /// Broke a limit: nothing of it is heard any more.
    is_deaf: AtomicBool,
}

impl Seat {
    pub fn new(
        gateway: Arc<Gateway>,
        namespace: Namespace,
        transport: Arc<Connection>,
        claims: Claims,
        cursors: BTreeMap<String, Cursor>,
        takes_batches: bool,
    ) -> Self {
        Self {
            gateway,
            namespace,
            connection: Uuid::new_v4(),
            claims: RwLock::new(Arc::new(claims)),
            cursors: Mutex::new(cursors),
            takes_batches,
            inbox: Inbox::default(),
            _open: OpenSocket::new(&transport, namespace),
            transport,
            due: Mutex::new(None),
            is_deaf: AtomicBool::new(false),
        }
    }

    /// The claims of the newest token that the client has shown.
    pub fn claims(&self) -> Arc<Claims> {
        self.claims.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn renew(&self, claims: Claims) {
        *self.claims.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(claims);
    }

    pub fn caller(&self) -> Caller {
        self.claims().caller()
    }

    pub fn set_due(&self, due: Timestamp) {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = Some(due);
    }

    pub fn take_due(&self) -> Option<Timestamp> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub fn stop_listening(&self) {
        self.is_deaf.store(true, Ordering::Relaxed);
    }

    pub fn is_deaf(&self) -> bool {
        self.is_deaf.load(Ordering::Relaxed)
    }

    /// The cursors, once.
    pub fn take_cursors(&self) -> BTreeMap<String, Cursor> {
        std::mem::take(&mut *self.cursors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A command's way to whoever sent it.
#[derive(Clone)]
pub struct Visit {
    pub seat: Arc<Seat>,
    pub socket: SocketRef,
}

impl Visit {
    pub fn gateway(&self) -> &Gateway {
        &self.seat.gateway
    }

    pub fn caller(&self) -> Caller {
        self.seat.caller()
    }
}
