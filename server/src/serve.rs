//! The running server: everything put together, and taken apart again.

use crate::{
    auth::{Door, DoorError},
    clock::Clock,
    demo::{self, DemoError},
    gateway::{self, Gateway, SocketOutlet},
    metrics,
    node::{self, EveryNode},
    pages,
    presence::PresenceService,
    relay::{Relay, RelayError},
    rest::{self, RestState},
    services::Services,
    settings::Settings,
    store::{Database, StoreError},
    stream::{EventService, Publisher, Room},
};
use axum::{Router, serve::ListenerExt};
use socket2::SockRef;
use socketioxide::SocketIo;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("database: {0}")]
    Store(#[from] StoreError),
    #[error("login: {0}")]
    Door(#[from] DoorError),
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error("{address}: {cause}")]
    Listen { address: SocketAddr, cause: io::Error },
    #[error("--demo listens on loopback only, and server.addr is {0}")]
    DemoInTheOpen(SocketAddr),
    #[error("demo: {0}")]
    Demo(#[from] DemoError),
    #[error("serving: {0}")]
    Serve(io::Error),
}

/// How long sockets and requests may take to end once the server is told to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// A server that is ready to be served: its router, and what must be ended with it.
pub struct Assembly {
    pub router: Router,
    pub services: Services,
    pub door: Door,
    io: SocketIo,
    every_node: EveryNode,
}

impl Assembly {
    /// Opens the database and puts the layers together. Listens on nothing yet.
    pub async fn build(settings: &Settings, clock: Clock) -> Result<Self, StartError> {
        metrics::start();
        let relay = match settings.realtime.redis_url.as_str() {
            "" => Relay::alone(),
            url => Relay::join(url)?,
        };
        let database = Database::open(&settings.database.url).await?;
        let (socket_layer, io) = gateway::build(settings);
        let every_node = EveryNode { outlet: SocketOutlet(io.clone()), relay: relay.clone() };
        let realtime = &settings.realtime;
        let publisher = Publisher::start(
            database.clone(),
            every_node.outlet.clone(),
            relay.clone(),
            realtime.state_interval.0,
            realtime.replay_cap,
        )
        .await?;
        let door = Door::open(settings, database.clone(), clock.clone()).await?;
        let broadcaster = Arc::new(every_node.clone());
        let events = EventService::new(database.clone(), publisher.clone(), broadcaster, clock.clone());
        let presence = PresenceService::start(events.clone(), relay.clone(), realtime.presence_grace.0);
        let services = Services { database, publisher, events, presence, clock, trade: settings.trade.clone() };
        gateway::register(&io, Arc::new(Gateway::new(settings, services.clone(), door.clone())));
        let closing = every_node.clone();
        let state = RestState {
            services: services.clone(),
            door: door.clone(),
            relay,
            close: Arc::new(move |room: Room| closing.close(room)),
            body_bytes: settings.limits.body_bytes,
            secure_cookie: !settings.server.addr.ip().is_loopback() || settings.server.public_url.starts_with("https:"),
        };
        let api = rest::router(state.clone());
        let router = api.clone().merge(pages::router(settings, api, state)).layer(socket_layer);
        Ok(Self { router, services, door, io, every_node })
    }
}

/// Serves until SIGTERM or Ctrl+C, then lets what is under way end.
pub async fn serve(settings: Settings, with_demo: bool) -> Result<(), StartError> {
    let address = settings.server.addr;
    if with_demo && !address.ip().is_loopback() {
        return Err(StartError::DemoInTheOpen(address));
    }
    let assembly = Assembly::build(&settings, Clock::system()).await?;
    let stop = CancellationToken::new();
    let Assembly { services, door, every_node, .. } = &assembly;
    let presence = services.presence.clone();
    node::take_part(every_node.clone(), services.publisher.clone(), door.clone(), presence.clone(), stop.clone());
    let demo = if with_demo { Some(demo::start(&settings, &assembly.services, stop.clone()).await?) } else { None };
    let listener = TcpListener::bind(address).await.map_err(|cause| StartError::Listen { address, cause })?;
    let address = listener.local_addr().map_err(StartError::Serve)?;
    println!("Headhaul is at http://{address}");
    if let Some(demo) = &demo {
        println!("{demo}");
    }

    let slow_reader = settings.limits.slow_reader.0;
    let listener = listener.tap_io(move |connection| set_up(connection, slow_reader));
    let service = assembly.router.into_make_service_with_connect_info::<SocketAddr>();
    let stopped = stop.clone();
    let io = assembly.io;
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stopped.cancelled().await;
        presence.say_goodbye();
        // Sockets would keep their connections open for ever.
        let _ = tokio::time::timeout(STOP_PATIENCE, io.close()).await;
    });
    tokio::spawn(async move {
        wait_for_signal().await;
        stop.cancel();
    });
    let ended = tokio::select! {
        ended = serving => ended.map_err(StartError::Serve),
        () = after_patience() => Ok(()),
    };
    assembly.services.database.close().await;
    ended
}

/// A connection that is not read gives up after a while, since nothing else would end it: a client that stops
/// reading blocks its writer, and no ping gets through to miss its answer.
fn set_up(connection: &mut TcpStream, slow_reader: Duration) {
    let socket = SockRef::from(&*connection);
    let result = socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_user_timeout(Some(slow_reader)));
    if let Err(error) = result {
        tracing::debug!(%error, "a connection could not be set up");
    }
}

async fn wait_for_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Ends when the server was told to stop and did not within its time.
async fn after_patience() {
    wait_for_signal().await;
    tokio::time::sleep(2 * STOP_PATIENCE).await;
}
