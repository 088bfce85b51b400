//! The listener: who may connect, how long a connection may take for each thing that it does, and the end of those that
//! are open, one by one, when the server stops.

mod activity;
mod body;
mod connection;
mod places;
mod proxy_protocol;

use crate::{client_address::TrustedProxies, metrics::THROTTLED, settings::Settings};
use axum::{Router, body::Body, extract::ConnectInfo};
use body::{AnsweringBody, ArrivingBody};
use connection::Connection;
use http::{Request, StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use places::Places;
use socket2::SockRef;
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Shutdown, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long to wait after a connection that could not be accepted, for want of file descriptors say.
const PAUSE: Duration = Duration::from_millis(100);

/// What is said to a connection that finds no place.
const NO_PLACE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\nconnection: close\r\n\r\n";

/// Accepts connections and serves them.
pub struct Listening {
    tcp: TcpListener,
    open: OpenConnections,
    places: Places,
    rules: Arc<Rules>,
}

/// What connections are held to.
struct Rules {
    /// A connection that is not read for so long gives up, since nothing else would end it: a client that stops reading
    /// blocks its writer, and no ping gets through to miss its answer.
    slow_reader: Duration,
    header_timeout: Duration,
    body_timeout: Duration,
    idle_timeout: Duration,
    proxies: TrustedProxies,
    /// Trusted proxies begin each connection by the PROXY protocol.
    proxy_protocol: bool,
}

/// The other end of a connection, as handlers find it: the client, or the proxy before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(pub SocketAddr);

/// The connections that are open, by the address of the peer.
#[derive(Clone, Default)]
pub struct OpenConnections(Arc<Mutex<HashMap<SocketAddr, Weak<TcpStream>>>>);

impl Listening {
    pub fn new(tcp: TcpListener, settings: &Settings) -> Self {
        let limits = &settings.limits;
        let rules = Rules {
            slow_reader: limits.slow_reader.0,
            header_timeout: limits.header_timeout.0,
            body_timeout: limits.body_timeout.0,
            idle_timeout: limits.idle_timeout.0,
            proxies: TrustedProxies::read(&settings.server.trusted_proxies).unwrap_or_default(),
            proxy_protocol: settings.server.proxy_protocol,
        };
        let places = Places::new(places::that_files_allow(limits.connections), limits.connections_per_address);
        Self { tcp, open: OpenConnections::default(), places, rules: Arc::new(rules) }
    }

    pub fn open_connections(&self) -> OpenConnections {
        self.open.clone()
    }

    /// Serves until `stop`; then nobody new is accepted, and requests that are under way are answered.
    pub async fn serve(self, router: Router, stop: CancellationToken) {
        let connections = TaskTracker::new();
        while let Some(accepted) = stop.run_until_cancelled(self.tcp.accept()).await {
            match accepted {
                Ok((stream, peer)) => self.begin(stream, peer, router.clone(), &stop, &connections),
                // The peer has gone before it was accepted.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(self.tcp);
        connections.close();
        connections.wait().await;
    }

    fn begin(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        router: Router,
        stop: &CancellationToken,
        connections: &TaskTracker,
    ) {
        let socket = SockRef::from(&stream);
        let set_up =
            socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_user_timeout(Some(self.rules.slow_reader)));
        if let Err(error) = set_up {
            tracing::debug!(%error, "a connection could not be set up");
        }
        // A proxy stands for many clients. Where it names them they count, and otherwise nobody can.
        let through_proxy = self.rules.proxies.trusts(peer.ip());
        let mut place = self.places.take();
        let fits = place.as_mut().is_some_and(|place| through_proxy || place.count_for(peer.ip()));
        let Some(place) = place.filter(|_| fits) else {
            return turn_away(&stream, peer.ip());
        };
        let stream = Arc::new(stream);
        self.open.lock().insert(peer, Arc::downgrade(&stream));
        let connection = Connection::new(stream, peer, self.open.clone(), place, &self.rules);
        let (rules, stop) = (self.rules.clone(), stop.clone());
        connections.spawn(async move {
            if let Err(error) = serve_connection(connection, peer, through_proxy, &rules, router, stop).await {
                tracing::debug!(%peer, %error, "a connection ended early");
            }
        });
    }
}

/// Answers without reading: who has no place must not take one by being slow.
fn turn_away(stream: &TcpStream, address: IpAddr) {
    metrics::counter!(THROTTLED, "limit" => "connections").increment(1);
    tracing::debug!(%address, "no place for a connection");
    let _ = stream.try_write(NO_PLACE);
}

async fn serve_connection(
    mut connection: Connection,
    peer: SocketAddr,
    through_proxy: bool,
    rules: &Arc<Rules>,
    router: Router,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut sender = peer.ip();
    if rules.proxy_protocol && through_proxy {
        let named = connection.read_proxy_header();
        let named =
            tokio::time::timeout(rules.header_timeout, named).await.map_err(|_| "no PROXY header in time")??;
        if let Some(named) = named {
            sender = named.ip();
            if !rules.proxies.trusts(sender) && !connection.place().count_for(sender) {
                turn_away(connection.stream(), sender);
                return Ok(());
            }
        }
    }
    let (activity, within) = (connection.activity(), rules.body_timeout);
    let rules = rules.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        activity.begin_request();
        let mut request = request.map(|body| Body::new(ArrivingBody::new(body, within)));
        let client = rules.proxies.settle(sender, request.headers_mut());
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(ConnectInfo(Peer(peer)));
        let (router, activity) = (router.clone(), activity.clone());
        async move {
            let answer = router.oneshot(request).await?;
            if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
                activity.upgrade();
                return Ok(answer);
            }
            Ok::<_, std::convert::Infallible>(answer.map(|body| Body::new(AnsweringBody::new(body, activity))))
        }
    });
    // A connection does one thing at a time, by which it is judged; HTTP/2 would do many.
    let mut serving = pin!(http1::Builder::new().serve_connection(TokioIo::new(connection), service).with_upgrades());
    tokio::select! {
        ended = serving.as_mut() => return Ok(ended?),
        () = stop.cancelled() => serving.as_mut().graceful_shutdown(),
    }
    Ok(serving.await?)
}

impl OpenConnections {
    /// Ends a connection. Its peer finds it closed, and may come back at once to another node.
    pub fn end(&self, peer: SocketAddr) {
        let stream = self.lock().get(&peer).and_then(Weak::upgrade);
        if let Some(stream) = stream
            && let Err(error) = SockRef::from(&*stream).shutdown(Shutdown::Both)
        {
            tracing::debug!(%error, "a connection had ended by itself");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SocketAddr, Weak<TcpStream>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
