//! The connections of this node. One carries as many namespaces as its client opens, and counts once.

use socketioxide::socket::Sid;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

#[derive(Default)]
pub struct Connections(Mutex<HashMap<Sid, Connection>>);

#[derive(Default)]
struct Connection {
    /// Namespaces that are open, or about to be.
    namespaces: u8,
    /// It came too often: when the next one is welcome. Its other namespaces are refused as well.
    refused: Option<Duration>,
}

impl Connections {
    /// Notes that a connection opens a namespace. The first of them is judged by `admit`, and the others share its fate.
    /// Returns whether it was the first. Whatever the outcome, `close` follows.
    pub fn open(&self, id: Sid, admit: impl FnOnce() -> Result<(), Duration>) -> Result<bool, Duration> {
        let mut connections = self.lock();
        let is_first = !connections.contains_key(&id);
        let connection = connections.entry(id).or_default();
        connection.namespaces = connection.namespaces.saturating_add(1);
        if is_first {
            connection.refused = admit().err();
        }
        let refused = connection.refused;
        metrics::gauge!(crate::metrics::CONNECTIONS).set(connections.len() as f64);
        refused.map_or(Ok(is_first), Err)
    }

    /// The connection came too often, as was found out later.
    pub fn refuse(&self, id: Sid, wait: Duration) {
        if let Some(connection) = self.lock().get_mut(&id) {
            connection.refused = Some(wait);
        }
    }

    /// A namespace of the connection was left, or refused.
    pub fn close(&self, id: Sid) {
        let mut connections = self.lock();
        if let Some(connection) = connections.get_mut(&id) {
            connection.namespaces = connection.namespaces.saturating_sub(1);
            if connection.namespaces == 0 {
                connections.remove(&id);
            }
        }
        metrics::gauge!(crate::metrics::CONNECTIONS).set(connections.len() as f64);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Sid, Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_counts_once_however_many_namespaces_it_opens() {
        let (connections, id) = (Connections::default(), Sid::new());
        assert_eq!(connections.open(id, || Ok(())), Ok(true));
        assert_eq!(connections.open(id, || unreachable!()), Ok(false));
        connections.close(id);
        assert_eq!(connections.open(id, || unreachable!()), Ok(false));
        connections.close(id);
        connections.close(id);
        assert_eq!(connections.open(id, || Ok(())), Ok(true), "the last has left, so it is new");
    }

    #[test]
    fn namespaces_of_a_connection_that_came_too_often_are_all_refused() {
        let (connections, id, wait) = (Connections::default(), Sid::new(), Duration::from_secs(1));
        assert_eq!(connections.open(id, || Err(wait)), Err(wait));
        assert_eq!(connections.open(id, || unreachable!()), Err(wait));
        let other = Sid::new();
        assert_eq!(connections.open(other, || Ok(())), Ok(true));
        connections.refuse(other, wait);
        assert_eq!(connections.open(other, || unreachable!()), Err(wait));
    }
}
