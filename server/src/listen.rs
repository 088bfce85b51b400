//! The listener: sets each connection up, and can end those that are open, one by one, when the server stops.

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use socket2::SockRef;
use std::{
    collections::HashMap,
    io,
    net::{Shutdown, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// How long to wait after a connection that could not be accepted, for want of file descriptors say.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections.
pub struct Listening {
    tcp: TcpListener,
    open: OpenConnections,
    slow_reader: Duration,
}

/// Where a connection comes from, as handlers find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Listening>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listening>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// The connections that are open, by the address of the peer.
#[derive(Clone, Default)]
pub struct OpenConnections(Arc<Mutex<HashMap<SocketAddr, Weak<TcpStream>>>>);

impl Listening {
    /// A connection that is not read for as long as `slow_reader` gives up, since nothing else would end it: a client
    /// that stops reading blocks its writer, and no ping gets through to miss its answer.
    pub fn new(tcp: TcpListener, slow_reader: Duration) -> Self {
        Self { tcp, open: OpenConnections::default(), slow_reader }
    }

    pub fn open_connections(&self) -> OpenConnections {
        self.open.clone()
    }
}

impl Listener for Listening {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.tcp.accept().await {
                Ok((stream, peer)) => {
                    let socket = SockRef::from(&stream);
                    let set_up =
                        socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_user_timeout(Some(self.slow_reader)));
                    if let Err(error) = set_up {
                        tracing::debug!(%error, "a connection could not be set up");
                    }
                    let stream = Arc::new(stream);
                    self.open.lock().insert(peer, Arc::downgrade(&stream));
                    return (Connection { stream, peer, open: self.open.clone() }, peer);
                }
                // The peer has gone before it was accepted.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
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

/// One connection. It is known to the listener as long as it is open.
pub struct Connection {
    stream: Arc<TcpStream>,
    peer: SocketAddr,
    open: OpenConnections,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.lock().remove(&self.peer);
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(cx))?;
            // Into what is not initialised: zeros would make every page of a large buffer resident.
            match self.stream.try_read_buf(buffer) {
                Ok(_) => return Poll::Ready(Ok(())),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write_when_ready(cx, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write_when_ready(cx, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match SockRef::from(&*self.stream).shutdown(Shutdown::Write) {
            Err(error) if error.kind() != io::ErrorKind::NotConnected => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl Connection {
    fn write_when_ready(
        &self,
        cx: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            match write(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }
}
