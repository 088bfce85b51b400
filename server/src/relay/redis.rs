//! Redis as the way between the nodes: one channel, on which everybody hears everything.

use super::{HEARTBEAT, Letter, NodeMessage, QUEUE, Relay, SILENCE, Sound, roll::Roll};
use crate::metrics::{RELAY_LOST, RELAY_UP};
use fred::{
    clients::SubscriberClient,
    error::Error,
    interfaces::{ClientLike, EventInterface, PubsubInterface},
    types::{
        Builder,
        config::{Config, ReconnectPolicy},
    },
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    sync::{broadcast::error::RecvError, mpsc},
    time::Instant,
};

const CHANNEL: &str = "headhaul:nodes";

/// A letter that can't be sent within this time is dropped: the database has what it said, and the number of the next
/// one tells that there is something to look for.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn start(url: &str, relay: Relay, messages: mpsc::Receiver<NodeMessage>) -> Result<(), Error> {
    let mut config = Config::from_url(url)?;
    // Redis may be there later than this node.
    config.fail_fast = false;
    let mut builder = Builder::from_config(config);
    builder
        .set_policy(ReconnectPolicy::new_exponential(0, 100, 2_000, 2))
        .with_performance_config(|performance| performance.broadcast_channel_capacity = QUEUE)
        .with_connection_config(|connection| {
            connection.connection_timeout = PATIENCE;
            connection.internal_command_timeout = PATIENCE;
            connection.max_command_attempts = 1;
            connection.tcp.nodelay = Some(true);
        });
    let talker = builder.build()?;
    let listener = builder.build_subscriber_client()?;
    tokio::spawn(hear(listener, relay.clone()));
    tokio::spawn(async move {
        // Both end with the last handle of the relay.
        let _talking = talker.connect();
        speak(&talker, &relay, messages).await;
    });
    Ok(())
}

/// Sends what is to be said, one letter after the other, and heartbeats between them.
async fn speak(talker: &fred::clients::Client, relay: &Relay, mut messages: mpsc::Receiver<NodeMessage>) {
    let mut beats = tokio::time::interval(HEARTBEAT);
    let mut number = 0;
    loop {
        let message = tokio::select! {
            message = messages.recv() => match message {
                Some(message) => message,
                None => return,
            },
            _ = beats.tick() => NodeMessage::Alive,
        };
        let is_beat = matches!(message, NodeMessage::Alive);
        number += 1 + relay.dropped.swap(0, Ordering::Relaxed);
        let letter = Letter { from: relay.node, number, message };
        let sent = match serde_json::to_string(&letter) {
            Ok(text) => {
                let sending = talker.publish::<(), _, _>(CHANNEL, text);
                talker.is_connected() && matches!(tokio::time::timeout(PATIENCE, sending).await, Ok(Ok(())))
            }
            Err(error) => {
                tracing::error!(%error, "a message to the other nodes could not be written");
                false
            }
        };
        if !sent && !is_beat {
            metrics::counter!(RELAY_LOST).increment(1);
        }
    }
}

/// Reads letters, its own included: hearing itself is how a node knows that it is heard.
async fn hear(listener: SubscriberClient, relay: Relay) {
    let mut messages = listener.message_rx();
    let _listening = listener.connect();
    let _renewing = listener.manage_subscriptions();
    let subscribing = listener.clone();
    tokio::spawn(async move {
        // Waits for the first connection; later ones renew it by themselves.
        while let Err(error) = subscribing.subscribe(CHANNEL).await {
            tracing::debug!(%error, "the other nodes can't be heard yet");
            tokio::time::sleep(HEARTBEAT).await;
        }
    });
    metrics::gauge!(RELAY_UP).set(0.0);
    let mut heard_itself: Option<Instant> = None;
    let mut roll = Roll::default();
    let mut looks = tokio::time::interval(HEARTBEAT / 2);
    loop {
        tokio::select! {
            message = messages.recv() => match message {
                Ok(message) => {
                    let text = message.value.as_bytes().unwrap_or_default();
                    match serde_json::from_slice::<Letter>(text) {
                        Ok(letter) => {
                            let now = Instant::now();
                            if letter.from == relay.node {
                                heard_itself = Some(now);
                            } else if !roll.note(letter.from, letter.number, now) {
                                let _ = relay.heard.send(Sound::Hole);
                            }
                            let _ = relay.heard.send(Sound::Letter(Arc::new(letter)));
                        }
                        Err(error) => tracing::warn!(%error, "a message of another node can't be read"),
                    }
                }
                // The number of the next one tells.
                Err(RecvError::Lagged(count)) => metrics::counter!(RELAY_LOST).increment(count),
                Err(RecvError::Closed) => return,
            },
            _ = looks.tick() => roll.strike_off(Instant::now()),
        }
        let is_up = heard_itself.is_some_and(|heard| heard.elapsed() < SILENCE);
        if relay.is_up.swap(is_up, Ordering::Relaxed) != is_up {
            metrics::gauge!(RELAY_UP).set(if is_up { 1.0 } else { 0.0 });
            if is_up {
                tracing::info!("the other nodes can be reached");
            } else {
                tracing::warn!("the other nodes can't be reached; this one goes on alone");
            }
        }
    }
}
