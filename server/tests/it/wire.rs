//! The server on a port, and a client that sends what it likes.

use crate::fixture::Fixture;
use serde_json::Value;
use server::listen::Listening;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Nothing that a test waits for takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that listens as long as this lives.
pub struct Listens {
    pub address: SocketAddr,
    _stop: DropGuard,
}

impl Fixture {
    /// The server on a port of its own.
    pub async fn listen(&self) -> Listens {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(Listening::new(tcp, &self.settings).serve(self.router.clone(), stop.clone()));
        Listens { address, _stop: stop.drop_guard() }
    }
}

/// One connection.
pub struct Wire(TcpStream);

impl Wire {
    pub async fn open(server: &Listens) -> Self {
        Self(TcpStream::connect(server.address).await.unwrap())
    }

    /// One whose client takes little at a time.
    pub async fn open_narrow(server: &Listens) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        Self(socket.connect(server.address).await.unwrap())
    }

    /// Sends; false where the other end has closed the connection.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// What comes until the server closes the connection.
    pub async fn read_to_end(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        // A connection that is reset has ended as well.
        let _ = read.expect("the server ends the connection in time");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// One answer of a connection that stays open, whose body is empty or tells its length.
    pub async fn read_answer(&mut self) -> String {
        let reading = async {
            let mut bytes = Vec::new();
            loop {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n")
                    && body.len() >= length_in(head)
                {
                    return text;
                }
                let read = self.0.read_buf(&mut bytes).await.unwrap_or(0);
                assert!(read > 0, "the answer is whole: {text:?}");
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("an answer in time")
    }
}

fn length_in(head: &str) -> usize {
    let lines = head.to_lowercase();
    let length = lines.lines().find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned));
    length.map_or(0, |length| length.parse().unwrap())
}

/// The status of an answer.
pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// Asks on a connection of its own. `before` is sent before the request, `headers` are lines without their end.
pub async fn ask(server: &Listens, before: &str, headers: &[&str], request: &str, body: &Value) -> String {
    let mut wire = Wire::open(server).await;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut text = format!("{before}{request} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", server.address);
    for header in headers {
        text.push_str(&format!("{header}\r\n"));
    }
    text.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    wire.send(text).await;
    wire.read_to_end().await
}

impl Wire {
    /// Some of what comes next.
    pub async fn read_some(&mut self) -> String {
        let mut bytes = vec![0; 4_096];
        let read =
            tokio::time::timeout(PATIENCE, self.0.read(&mut bytes)).await.expect("something in time").unwrap_or(0);
        assert!(read > 0, "the connection is open");
        String::from_utf8_lossy(&bytes[..read]).into_owned()
    }
}
