//! What a line keeps, and for how long.

use super::*;
use crate::stream::{StreamKey, StreamName};
use app::{
    domain::{
        id::{EventId, TenantId},
        time::Timestamp,
    },
    events::Namespace,
};
use uuid::Uuid;

fn event(seq: i64, padding: usize) -> Arc<StoredEvent> {
    Arc::new(StoredEvent {
        key: StreamKey { tenant: TenantId(Uuid::nil()), namespace: Namespace::Dispatch, stream: StreamName::Tenant },
        epoch: "a".into(),
        seq,
        id: EventId(Uuid::from_u128(seq.unsigned_abs().into())),
        name: "load:deleted".into(),
        at: Timestamp::from_millis(0),
        load: None,
        actor: None,
        full: serde_json::json!({ "padding": "x".repeat(padding) }),
        plain: None,
    })
}

fn line(events: i64, padding: usize, now: Instant) -> Line {
    let mut line = Line::at(Cursor { epoch: "a".into(), seq: 0 });
    for seq in 1..=events {
        line.put(event(seq, padding));
        assert!(line.take_next(now).is_some());
    }
    line
}

fn recalled(line: &Line, seq: i64) -> Option<usize> {
    line.recall(&Cursor { epoch: "a".into(), seq }).map(|missed| missed.len())
}

#[tokio::test]
async fn what_came_last_is_recalled_without_the_database() {
    let line = line(10, 0, Instant::now());
    assert_eq!((recalled(&line, 10), recalled(&line, 7), recalled(&line, 0)), (Some(0), Some(3), Some(10)));
    assert_eq!((recalled(&line, 11), recalled(&line, -1)), (None, None));
    assert_eq!(line.recall(&Cursor { epoch: "b".into(), seq: 7 }), None);
}

#[tokio::test]
async fn at_most_so_many_events_are_kept() {
    let line = line(RING_EVENTS as i64 + 5, 0, Instant::now());
    assert_eq!((recalled(&line, 5), recalled(&line, 4)), (Some(RING_EVENTS), None));
}

#[tokio::test]
async fn at_most_so_many_bytes_are_kept() {
    let line = line(20, RING_BYTES / 10, Instant::now());
    assert!(recalled(&line, 12).is_some() && recalled(&line, 9).is_none());
    assert!(line.ring_bytes <= RING_BYTES);
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    let now = Instant::now();
    let mut line = line(3, 0, now);
    let later = now + RING_AGE + Duration::from_secs(1);
    line.put(event(4, 0));
    line.take_next(later);
    line.forget_old(later);
    assert_eq!((recalled(&line, 3), recalled(&line, 2)), (Some(1), None));
    assert_eq!(line.cursor().seq, 4);
}
