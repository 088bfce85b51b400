//! The connections of this node. One carries as many namespaces as its client opens.

use app::events::Namespace;
use socketioxide::socket::Sid;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How many namespaces each connection has open.
#[derive(Default)]
pub struct Connections(Mutex<HashMap<Sid, u8>>);

impl Connections {
    /// Whether this connection has opened nothing yet.
    pub fn is_new(&self, connection: Sid) -> bool {
        !self.lock().contains_key(&connection)
    }

    pub fn open(&self, connection: Sid, namespace: Namespace) {
        let mut connections = self.lock();
        *connections.entry(connection).or_default() += 1;
        metrics::gauge!(crate::metrics::CONNECTIONS).set(connections.len() as f64);
        metrics::gauge!(crate::metrics::SOCKETS, "namespace" => namespace.path()).increment(1);
        metrics::counter!(crate::metrics::CONNECTS, "namespace" => namespace.path()).increment(1);
    }

    pub fn close(&self, connection: Sid, namespace: Namespace) {
        let mut connections = self.lock();
        if let Some(open) = connections.get_mut(&connection) {
            *open -= 1;
            if *open == 0 {
                connections.remove(&connection);
            }
        }
        metrics::gauge!(crate::metrics::CONNECTIONS).set(connections.len() as f64);
        metrics::gauge!(crate::metrics::SOCKETS, "namespace" => namespace.path()).decrement(1);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Sid, u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
