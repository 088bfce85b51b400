//! Redis as the way between the nodes: one channel, on which everybody hears everything.

use super::{
    HEARTBEAT, Letter, NodeMessage, QUEUE, Relay, SILENCE, Sound,
    roll::{Follows, Roll},
    signature::{Rejected, Signer},
};
use crate::{
    clock::Clock,
    metrics::{RELAY_LOST, RELAY_REJECTED, RELAY_UP},
    supervise::{Ended, Supervisor},
};
use app::domain::time::Timestamp;
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
    sync::{Mutex, broadcast::error::RecvError, mpsc},
    time::Instant,
};

/// A letter that can't be sent within this time is dropped: the database has what it said, and the number of the next
/// one tells that there is something to look for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A letter that was sent longer ago than this, or so far in the future, is dropped: the nodes' clocks are not so far
/// apart.
const WINDOW: i64 = 60_000;

/// Dropped letters are told of in the log at most this often.
const TELLING: Duration = Duration::from_secs(60);

pub fn start(
    config: Config,
    signer: Signer,
    clock: Clock,
    relay: Relay,
    messages: mpsc::Receiver<NodeMessage>,
    supervisor: &Supervisor,
) -> Result<(), Error> {
    let mut config = config;
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
    let reader = Arc::new(Reader { signer: signer.clone(), clock: clock.clone() });
    let mut first = Some(listener);
    let heard = relay.clone();
    supervisor.run("redis_listener", move || {
        // One that has failed may still be subscribed; another begins anew.
        let listener = first.take().map_or_else(|| builder.build_subscriber_client(), Ok);
        let (reader, relay) = (reader.clone(), heard.clone());
        async move {
            let Ok(listener) = listener else { return Ended::Unexpected("no client could be built") };
            hear(listener, &reader, &relay).await;
            Ended::Unexpected("the connection's channel was closed")
        }
    });
    let talking = Arc::new(Mutex::new((messages, Numbering::default())));
    // It goes on by itself as long as a handle of it is there.
    let connection = Arc::new((talker.connect(), talker));
    supervisor.run("redis_talker", move || {
        let (talking, connection, signer) = (talking.clone(), connection.clone(), signer.clone());
        let (clock, relay) = (clock.clone(), relay.clone());
        async move {
            let (messages, numbering) = &mut *talking.lock().await;
            speak(&connection.1, &signer, &clock, &relay, messages, numbering).await;
            Ended::Done
        }
    });
    Ok(())
}

/// The number of the last letter. It outlives whoever sends: a number that comes twice is taken for a forgery.
#[derive(Default)]
struct Numbering {
    last: u64,
}

/// Sends what is to be said, one letter after the other, and heartbeats between them.
async fn speak(
    talker: &fred::clients::Client,
    signer: &Signer,
    clock: &Clock,
    relay: &Relay,
    messages: &mut mpsc::Receiver<NodeMessage>,
    numbering: &mut Numbering,
) {
    let mut beats = tokio::time::interval(HEARTBEAT);
    loop {
        let message = tokio::select! {
            message = messages.recv() => match message {
                Some(message) => message,
                None => return,
            },
            _ = beats.tick() => NodeMessage::Alive,
        };
        let is_beat = matches!(message, NodeMessage::Alive);
        numbering.last += 1 + relay.dropped.swap(0, Ordering::Relaxed);
        let letter = Letter { from: relay.node, number: numbering.last, sent_at: clock.now(), message };
        let sent = match serde_json::to_string(&letter) {
            Ok(text) => {
                let sending = talker.publish::<(), _, _>(signer.channel(), signer.sign(&text));
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

/// Tells the letters of this database's nodes from whatever else is published.
struct Reader {
    signer: Signer,
    clock: Clock,
}

impl Reader {
    fn read(&self, sent: &[u8]) -> Result<Letter, Rejected> {
        let sent = std::str::from_utf8(sent).map_err(|_| Rejected::Version)?;
        let letter: Letter = serde_json::from_str(self.signer.verify(sent)?).map_err(|_| Rejected::Unreadable)?;
        if is_stale(letter.sent_at, self.clock.now()) { Err(Rejected::Stale) } else { Ok(letter) }
    }
}

fn is_stale(sent_at: Timestamp, now: Timestamp) -> bool {
    now.since(sent_at).abs() > WINDOW
}

/// Reads letters, its own included: hearing itself is how a node knows that it is heard.
async fn hear(listener: SubscriberClient, reader: &Reader, relay: &Relay) {
    let mut messages = listener.message_rx();
    let _listening = listener.connect();
    let _renewing = listener.manage_subscriptions();
    let (subscribing, channel) = (listener.clone(), reader.signer.channel().to_owned());
    tokio::spawn(async move {
        // Waits for the first connection; later ones renew it by themselves.
        while let Err(error) = subscribing.subscribe(channel.as_str()).await {
            tracing::debug!(%error, "the other nodes can't be heard yet");
            tokio::time::sleep(HEARTBEAT).await;
        }
    });
    metrics::gauge!(RELAY_UP).set(0.0);
    let mut heard_itself: Option<Instant> = None;
    let mut roll = Roll::default();
    let mut looks = tokio::time::interval(HEARTBEAT / 2);
    let mut was_told: Option<Instant> = None;
    let mut reject = move |why: Rejected| {
        metrics::counter!(RELAY_REJECTED, "reason" => why.reason()).increment(1);
        // Whoever floods the channel does not fill the log as well.
        if was_told.is_none_or(|told| told.elapsed() >= TELLING) {
            was_told = Some(Instant::now());
            tracing::warn!(reason = why.reason(), "a letter was dropped that no node of this database has just sent");
        }
    };
    loop {
        tokio::select! {
            message = messages.recv() => match message {
                Ok(message) => {
                    let text = message.value.as_bytes().unwrap_or_default();
                    match reader.read(text) {
                        Ok(letter) => {
                            let now = Instant::now();
                            let follows = roll.note(letter.from, letter.number, now);
                            if follows == Follows::Repeated {
                                reject(Rejected::Repeated);
                                continue;
                            }
                            if letter.from == relay.node {
                                heard_itself = Some(now);
                            } else if follows == Follows::Hole {
                                let _ = relay.heard.send(Sound::Hole);
                            }
                            let _ = relay.heard.send(Sound::Letter(Arc::new(letter)));
                        }
                        Err(why) => reject(why),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::identity::Identity;
    use uuid::Uuid;

    const SECOND: i64 = 1_000;

    #[test]
    fn a_letter_that_is_sent_again_later_is_stale() {
        let identity = Identity { name: "a".into(), place: String::new(), relay_key: vec![1; 32] };
        let sent_at = Timestamp::from_millis(1_795_269_900_000);
        let read_at =
            |now: Timestamp| Reader { signer: Signer::new(&identity).unwrap(), clock: Clock::from_fn(move || now) };
        let letter = Letter { from: Uuid::new_v4(), number: 1, sent_at, message: NodeMessage::Alive };
        let sent = Signer::new(&identity).unwrap().sign(&serde_json::to_string(&letter).unwrap());
        for apart in [-60 * SECOND, 0, 60 * SECOND] {
            assert!(read_at(sent_at.plus(apart)).read(sent.as_bytes()).is_ok());
        }
        for apart in [-61 * SECOND, 61 * SECOND] {
            assert_eq!(read_at(sent_at.plus(apart)).read(sent.as_bytes()).err(), Some(Rejected::Stale));
        }
    }
}
