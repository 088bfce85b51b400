//! One connection: what is read and written, and how long it may take for it.

use super::{
    OpenConnections, Rules,
    activity::{Activity, Doing},
    places::Place,
    proxy_protocol,
};
use bytes::{Buf, BytesMut};
use socket2::SockRef;
use std::{
    io,
    net::{Shutdown, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// One connection. It is known to the listener, and takes a place, as long as it is open.
pub struct Connection {
    stream: Arc<TcpStream>,
    peer: SocketAddr,
    open: OpenConnections,
    place: Place,
    /// What was read beyond the PROXY header.
    read_ahead: BytesMut,
    activity: Activity,
    header_timeout: Duration,
    idle_timeout: Duration,
    /// What the alarm is set for.
    alarm_for: Option<Doing>,
    alarm: Option<Pin<Box<Sleep>>>,
    has_sent: bool,
}

impl Connection {
    pub(super) fn new(
        stream: Arc<TcpStream>,
        peer: SocketAddr,
        open: OpenConnections,
        place: Place,
        rules: &Rules,
    ) -> Self {
        Self {
            stream,
            peer,
            open,
            place,
            read_ahead: BytesMut::new(),
            activity: Activity::default(),
            header_timeout: rules.header_timeout,
            idle_timeout: rules.idle_timeout,
            alarm_for: None,
            alarm: None,
            has_sent: false,
        }
    }

    pub fn activity(&self) -> Activity {
        self.activity.clone()
    }

    pub fn place(&mut self) -> &mut Place {
        &mut self.place
    }

    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Reads the PROXY header with which the connection begins: whom the proxy speaks for, if for anybody but itself.
    pub async fn read_proxy_header(&mut self) -> io::Result<Option<SocketAddr>> {
        loop {
            if let Some((length, source)) = proxy_protocol::read(&self.read_ahead)? {
                self.read_ahead.advance(length);
                return Ok(source);
            }
            self.stream.readable().await?;
            match self.stream.try_read_buf(&mut self.read_ahead) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn poll_stream(&self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
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

    /// Ready once the client has taken too long for what it is doing.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut doing = self.activity.now();
        if doing == Doing::BeingAnswered {
            self.activity.tell(cx.waker());
            // It may have been answered just before.
            doing = self.activity.now();
        }
        if self.alarm_for != Some(doing) {
            self.alarm_for = Some(doing);
            let within = match doing {
                // Who has asked for nothing yet has no reason to wait.
                Doing::Waiting if self.has_sent => Some(self.idle_timeout),
                Doing::Waiting | Doing::SendingHead => Some(self.header_timeout),
                Doing::BeingAnswered | Doing::Upgraded => None,
            };
            self.alarm = within.map(|within| Box::pin(sleep_until(Instant::now() + within)));
        }
        self.alarm.as_mut().map_or(Poll::Pending, |alarm| alarm.as_mut().poll(cx))
    }

    fn note_bytes(&mut self) {
        self.has_sent = true;
        if self.activity.now() == Doing::Waiting {
            self.activity.receive();
            // The time for a head begins with its first byte.
            self.alarm_for = None;
        }
    }

    /// An answer is handed over whole and may take long to be sent: while it moves, nothing else is waited for. A reader
    /// that stands still is ended by the socket's own time limit.
    fn note_written(&mut self, written: &Poll<io::Result<usize>>) {
        if matches!(written, Poll::Ready(Ok(_))) {
            self.alarm_for = None;
        }
    }

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

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.lock().remove(&self.peer);
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.read_ahead.is_empty() {
            let length = self.read_ahead.len().min(buffer.remaining());
            buffer.put_slice(&self.read_ahead.split_to(length));
            self.note_bytes();
            return Poll::Ready(Ok(()));
        }
        match self.poll_stream(cx, buffer) {
            Poll::Ready(Ok(())) => {
                self.note_bytes();
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.poll_alarm(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.write_when_ready(cx, |stream| stream.try_write(bytes));
        self.note_written(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.write_when_ready(cx, |stream| stream.try_write_vectored(slices));
        self.note_written(&written);
        written
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
