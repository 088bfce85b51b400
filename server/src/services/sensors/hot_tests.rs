//! The ring of a unit, and when it is relied on.

use super::*;
use crate::{clock::Clock, settings::Realtime, store::identity::Identity, supervise::Supervisor};
use app::domain::{
    id::ReadingId,
    sensor::ReadingSource,
    time::{MINUTE, Timestamp},
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);
const TENANT: TenantId = TenantId(Uuid::from_u128(1));
const UNIT: UnitId = UnitId(Uuid::from_u128(2));

/// A reading of a minute, which is its temperature, too.
fn reading(minute: i64) -> SensorReading {
    SensorReading {
        id: ReadingId(Uuid::from_u128(minute as u128)),
        unit_id: UNIT,
        device_id: None,
        temperature: minute as f64,
        humidity: None,
        battery: None,
        signal_strength: None,
        recorded_at: NOW.plus(minute * MINUTE),
        source: ReadingSource::Api,
    }
}

fn readings(minutes: impl IntoIterator<Item = i64>) -> Vec<SensorReading> {
    minutes.into_iter().map(reading).collect()
}

/// The minutes that are kept, newest first.
fn kept(hot: &HotReadings) -> Option<Vec<i64>> {
    let newest = hot.newest(TENANT, UNIT, usize::MAX)?;
    Some(newest.iter().map(|reading| reading.recorded_at.since(NOW) / MINUTE).collect())
}

#[test]
fn the_newest_hundred_are_kept_by_the_time_they_were_taken() {
    let hot = HotReadings::new(Relay::alone());
    let filling = hot.begin_filling(TENANT, UNIT);
    hot.fill(filling, &readings((0..60).rev()));
    // Late ones find their place; one that is there is not kept twice; what is older than all falls out.
    hot.take_in(TENANT, &readings([62, 61, 30]));
    assert_eq!(kept(&hot).unwrap(), [vec![62, 61], (0..60).rev().collect()].concat());
    hot.take_in(TENANT, &readings(63..110));
    hot.take_in(TENANT, &readings([-5]));
    hot.take_in(TENANT, &readings([60]));
    assert_eq!(kept(&hot).unwrap(), (10..110).rev().collect::<Vec<_>>());
    assert_eq!(hot.newest(TENANT, UNIT, 1).unwrap()[0].temperature, 109.0);
}

#[test]
fn what_is_stored_while_the_database_is_asked_is_not_missed() {
    let hot = HotReadings::new(Relay::alone());
    hot.take_in(TENANT, &readings([1]));
    assert_eq!(kept(&hot), None, "nobody asked for it yet");
    let filling = hot.begin_filling(TENANT, UNIT);
    hot.take_in(TENANT, &readings([3]));
    assert_eq!(kept(&hot), None, "it is not known what came before");
    hot.fill(filling, &readings([2, 1]));
    assert_eq!(kept(&hot).unwrap(), [3, 2, 1]);
}

#[test]
fn a_unit_is_kept_apart_from_other_tenants() {
    let hot = HotReadings::new(Relay::alone());
    let filling = hot.begin_filling(TENANT, UNIT);
    hot.fill(filling, &[]);
    let stranger = TenantId(Uuid::from_u128(9));
    assert_eq!(hot.newest(stranger, UNIT, 1), None);
    hot.take_in(stranger, &readings([1]));
    assert_eq!(kept(&hot).unwrap(), Vec::<i64>::new());
}

#[test]
fn what_was_read_before_everything_was_forgotten_is_not_relied_on() {
    let hot = HotReadings::new(Relay::alone());
    let early = hot.begin_filling(TENANT, UNIT);
    hot.forget();
    let late = hot.begin_filling(TENANT, UNIT);
    hot.fill(early, &readings([1]));
    assert_eq!(kept(&hot), None);
    hot.fill(late, &readings([2, 1]));
    assert_eq!(kept(&hot).unwrap(), [2, 1]);
}

#[tokio::test]
async fn a_node_that_does_not_hear_the_others_relies_on_the_database() {
    // Nobody listens there.
    let realtime = Realtime { redis_url: "redis://127.0.0.1:1".into(), ..Realtime::default() };
    let identity = Identity { name: String::new(), place: String::new(), relay_key: vec![0; 32] };
    let hot = HotReadings::new(Relay::join(&realtime, &identity, Clock::system(), &Supervisor::default()).unwrap());
    let filling = hot.begin_filling(TENANT, UNIT);
    hot.fill(filling, &readings([1]));
    assert_eq!(kept(&hot), None);
}
