//! The end of a node: its clients are told, and sent away one after the other, so that they do not all come back to the
//! others in the same moment.

use crate::listen::{OpenConnections, Peer};
use app::{
    domain::id::EventId,
    events::{Envelope, Event, Namespace, SystemMaintenance},
};
use axum::extract::ConnectInfo;
use rand::seq::SliceRandom;
use socketioxide::{SocketIo, TransportType};
use std::{collections::HashMap, net::SocketAddr, time::Duration};
use uuid::Uuid;

use super::{Gateway, seat::Seat};

/// As many connections are ended in a second, at most.
const A_SECOND: u32 = 200;

/// How long it takes to send so many away.
fn time_for(connections: usize, at_most: Duration) -> Duration {
    let connections = u32::try_from(connections).unwrap_or(u32::MAX);
    at_most.min(Duration::from_secs(1).saturating_mul(connections) / A_SECOND)
}

/// Tells everybody at this node that it stops, and ends their WebSockets in random order over at most `within`. Who polls
/// is sent away by the end of the server.
pub async fn say_goodbye(io: &SocketIo, gateway: &Gateway, open: &OpenConnections, within: Duration) {
    let mut peers = HashMap::new();
    for namespace in Namespace::ALL {
        for socket in io.of(namespace.path()).into_iter().flat_map(|namespace| namespace.sockets()) {
            if socket.transport_type() == TransportType::Websocket
                && let Some(ConnectInfo(Peer(peer))) = socket.req_parts().extensions.get::<ConnectInfo<Peer>>()
            {
                peers.insert(socket.id, *peer);
            }
        }
    }
    let time = time_for(peers.len(), within);
    let message = SystemMaintenance {
        message: "The server is being restarted.".into(),
        reconnect_within: u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
    };
    for socket in io.of(SystemMaintenance::NAMESPACE.path()).into_iter().flat_map(|namespace| namespace.sockets()) {
        let Some(seat) = socket.extensions.get::<std::sync::Arc<Seat>>() else { continue };
        let envelope = Envelope {
            event: SystemMaintenance::NAME.to_owned(),
            data: &message,
            timestamp: gateway.services.clock.now(),
            tenant_id: seat.claims().tenant,
            id: EventId(Uuid::now_v7()),
            stream: None,
            epoch: None,
            seq: None,
        };
        let _ = socket.emit(SystemMaintenance::NAME, &envelope);
    }
    let mut peers: Vec<SocketAddr> = peers.into_values().collect();
    peers.shuffle(&mut rand::rng());
    let count = u32::try_from(peers.len()).unwrap_or(u32::MAX).max(1);
    for peer in peers {
        tokio::time::sleep(time / count).await;
        open.end(peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_sent_away_quickly_and_many_within_the_time() {
        let most = Duration::from_secs(3);
        assert_eq!(time_for(0, most), Duration::ZERO);
        assert_eq!(time_for(10, most), Duration::from_millis(50));
        assert_eq!(time_for(100_000, most), most);
    }
}
