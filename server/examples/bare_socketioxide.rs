//! The floor of the realtime benchmarks: axum and socketioxide with their defaults, and nothing else.
//!
//! Whoever connects to /dispatch is in one room, without a login; `POST /emit/{event}` sends its body there. The port is
//! the first line of the output.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::post,
    serve::ListenerExt,
};
use serde_json::Value;
use socketioxide::{BroadcastError, SocketIo, extract::SocketRef};
use std::error::Error;
use tokio::net::TcpListener;

const ROOM: &str = "tenant";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/dispatch", async |socket: SocketRef| socket.join(ROOM));
    let router = Router::new().route("/emit/{event}", post(emit)).with_state(io).layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    // As node does by itself: otherwise small frames would wait for one another.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            eprintln!("a connection could not be set up: {error}");
        }
    });
    axum::serve(listener, router).await?;
    Ok(())
}

/// Sends the body to everybody in the room, and back as the answer.
async fn emit(State(io): State<SocketIo>, Path(event): Path<String>, Json(payload): Json<Value>) -> Json<Value> {
    if let Some(namespace) = io.of("/dispatch")
        && let Err(BroadcastError::Socket(errors)) = namespace.to(ROOM).emit(event, &payload).await
    {
        eprintln!("{} sockets missed an event", errors.len());
    }
    Json(payload)
}
