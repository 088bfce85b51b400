//! The running server: everything put together, and taken apart again.

use crate::{
    auth::{Door, DoorError},
    clock::Clock,
    cross_origin::{self, CrossOrigin, IsHttps},
    demo::{self, DemoError},
    gateway::{
        self, Gateway, SocketOutlet, handshake,
        polls::{self, Polls},
    },
    jobs,
    listen::Listening,
    metrics,
    node::{self, EveryNode},
    pages,
    presence::PresenceService,
    relay::{Relay, RelayError},
    rest::{self, RequestLimits, RestState},
    services::{HotReadings, PositionFrames, PositionIngest, Services},
    settings::Settings,
    store::{
        Database, StoreError, identity,
        node_lock::{NodeLock, Sharing},
    },
    stream::{EventService, Publisher, Room},
    supervise::Supervisor,
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use socketioxide::SocketIo;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpListener;
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
    #[error(
        "another node works on this database. Without Redis only one may: stop the other, or set realtime.redis_url for all"
    )]
    NotAlone,
    #[error("a node without Redis works on this database. Stop it, or set realtime.redis_url for it as well")]
    OtherIsAlone,
    #[error("another node took this database over while the connection that held its lock was lost")]
    TakenOver,
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
    gateway: Arc<Gateway>,
    polls: Polls,
    every_node: EveryNode,
}

impl Assembly {
    /// Opens the database and puts the layers together. Listens on nothing yet.
    pub async fn build(settings: &Settings, clock: Clock) -> Result<Self, StartError> {
        metrics::start();
        let database = Database::open_with(&settings.database.url, settings.database.statement_timeout.0).await?;
        let supervisor = Supervisor::default();
        let relay = if settings.realtime.redis_url.is_empty() {
            Relay::alone()
        } else {
            Relay::join(&settings.realtime, &identity::read(&database).await?, clock.clone(), &supervisor)?
        };
        let (socket_layer, io) = gateway::build(settings);
        let every_node = EveryNode { outlet: SocketOutlet::new(io.clone()), relay: relay.clone() };
        let realtime = &settings.realtime;
        let publisher = Publisher::start(
            database.clone(),
            every_node.outlet.clone(),
            relay.clone(),
            realtime.state_interval.0,
            realtime.replay_cap,
            &supervisor,
        )
        .await?;
        let door = Door::open(settings, database.clone(), clock.clone()).await?;
        let broadcaster = Arc::new(every_node.clone());
        let events = EventService::new(database.clone(), publisher.clone(), broadcaster, clock.clone());
        let hot = HotReadings::new(relay.clone());
        let frames = PositionFrames::new(events.clone(), supervisor.clone());
        let positions = PositionIngest::start(database.clone(), clock.clone(), relay.clone(), frames, &supervisor);
        let presence = PresenceService::start(events.clone(), relay.clone(), realtime.presence_grace.0, &supervisor);
        let services = Services {
            database,
            publisher,
            events,
            presence,
            clock,
            trade: settings.trade.clone(),
            tracking: settings.tracking.clone(),
            hot,
            positions,
            supervisor,
        };
        let gateway =
            Arc::new(Gateway::new(settings, services.clone(), door.clone(), every_node.outlet.clone(), relay.clone()));
        gateway::register(&io, gateway.clone());
        let closing = every_node.clone();
        let state = RestState {
            services: services.clone(),
            door: door.clone(),
            relay,
            close: Arc::new(move |room: Room| closing.close(room)),
            body_bytes: settings.limits.body_bytes,
            secure_cookies: !settings.server.addr.ip().is_loopback()
                || settings.server.public_url.starts_with("https:"),
        };
        let api = rest::router(state.clone());
        let pages = pages::router(settings, api.clone(), state.clone());
        let limits = (RequestLimits::new(&settings.limits), state);
        let router = api.merge(pages).layer(from_fn_with_state(settings.limits.request_timeout.0, rest::limit_time));
        let router = router.layer(from_fn_with_state(limits, rest::limit_requests));
        let router = router.layer(from_fn(rest::name_request)).layer(socket_layer);
        let polls = Polls::default();
        let router = router.layer(from_fn_with_state(CrossOrigin::new(door.clone()), cross_origin::answer));
        let is_https = IsHttps(settings.server.public_url.starts_with("https:"));
        let router = router.layer(from_fn_with_state(is_https, cross_origin::insist_on_https));
        let router = router.layer(from_fn(handshake::slim)).layer(from_fn_with_state(polls.clone(), polls::note));
        Ok(Self { router, services, door, io, gateway, polls, every_node })
    }
}

/// Serves until SIGTERM or Ctrl+C, then lets what is under way end.
pub async fn serve(settings: Settings, with_demo: bool) -> Result<(), StartError> {
    let address = settings.server.addr;
    if with_demo && !address.ip().is_loopback() {
        return Err(StartError::DemoInTheOpen(address));
    }
    // First of all: the former node may change what is read next.
    let lock = match node::lock_database(&settings).await? {
        Ok(lock) => lock,
        Err(Sharing::Alone) => return Err(StartError::NotAlone),
        Err(Sharing::Together) => return Err(StartError::OtherIsAlone),
    };
    let assembly = Assembly::build(&settings, Clock::system()).await?;
    let stop = CancellationToken::new();
    let keeping = lock.map(|lock| tokio::spawn(keep_lock_or_stop(lock, stop.clone())));
    let Assembly { router, services, io, gateway, polls, every_node, .. } = assembly;
    node::take_part(every_node, gateway.clone(), stop.clone());
    jobs::start(&services, &stop);
    services.supervisor.run_until(&stop, "metrics", metrics::keep_up);
    let (of_polls, of_gateway) = (io.clone(), gateway.clone());
    services.supervisor.run_until(&stop, "silent_polls", move || {
        polls::close_silent(polls.clone(), of_polls.clone(), of_gateway.clone())
    });
    let listener = TcpListener::bind(address).await.map_err(|cause| StartError::Listen { address, cause })?;
    let address = listener.local_addr().map_err(StartError::Serve)?;
    let announcing = tokio::spawn(announce(settings.clone(), services.clone(), stop.clone(), with_demo, address));
    let listening = Listening::new(listener, &settings);
    let open = listening.open_connections();
    gateway.know_connections(open.clone());
    let serving = listening.serve(router, stop.clone());
    let drain = settings.server.drain.0;
    let leaving = async {
        stop.cancelled().await;
        gateway::say_goodbye(&io, &gateway, &open, drain).await;
        // Until here the other nodes were told of each who left.
        services.presence.say_goodbye();
        // What is left would keep its connection open for ever.
        let _ = tokio::time::timeout(STOP_PATIENCE, io.close()).await;
    };
    let signal = stop.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        signal.cancel();
    });
    tokio::select! {
        _ = async { tokio::join!(serving, leaving) } => {}
        () = after_patience(&stop, drain) => {}
    }
    services.database.close().await;
    // The lock is held until nothing is written any more.
    let is_taken_over = match keeping {
        Some(keeping) => matches!(keeping.await, Ok(None)),
        None => false,
    };
    match tokio::time::timeout(STOP_PATIENCE, announcing).await {
        Ok(Ok(Err(error))) => Err(error),
        _ if is_taken_over => Err(StartError::TakenOver),
        _ => Ok(()),
    }
}

/// Keeps the lock of the database, and stops the node where it can't.
async fn keep_lock_or_stop(lock: NodeLock, stop: CancellationToken) -> Option<NodeLock> {
    let kept = node::keep_lock(lock, stop.clone()).await;
    stop.cancel();
    kept
}

/// Says where the server is once all is there that is asked for. It serves before: seeding many loads takes a while.
async fn announce(
    settings: Settings,
    services: Services,
    stop: CancellationToken,
    with_demo: bool,
    address: SocketAddr,
) -> Result<(), StartError> {
    let started = match with_demo {
        true => demo::start(&settings, &services, stop.clone()).await.map(Some),
        false => Ok(None),
    };
    match started {
        _ if stop.is_cancelled() => {}
        Ok(demo) => {
            println!("Headhaul is at http://{address}");
            if let Some(demo) = demo {
                println!("{demo}");
            }
        }
        Err(error) => {
            stop.cancel();
            return Err(error.into());
        }
    }
    Ok(())
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
async fn after_patience(stop: &CancellationToken, drain: Duration) {
    stop.cancelled().await;
    tokio::time::sleep(drain + 2 * STOP_PATIENCE).await;
}
