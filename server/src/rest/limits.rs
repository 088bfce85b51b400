//! How much each may ask for: so much in a second, and so many requests at once. Each person has a bucket of their own;
//! those who are not logged in share that of their network address.
//!
//! Pages count as REST does. What a page asks for while it is rendered counts no more: it never comes this way. Sockets
//! have limits of their own.
//!
//! | weight | requests |
//! |---|---|
//! | 0 | the browser's files, health, metrics |
//! | 1 | all that is not named here |
//! | 2 | lists of loads, events |
//! | 10 | pages; the board, the loads on the road, counts of all loads |
//! | 25 | files of loads, in and out |

use super::{Failure, RestState};
use crate::{
    client_address::{ClientAddress, ClientNetwork},
    settings::Limits,
};
use app::{
    api::{ErrorCode, ROOT},
    domain::id::UserId,
};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};
use http::{Method, request::Parts};
use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};

/// How many buckets are remembered before those at rest are forgotten.
const KEYS: usize = 10_000;
/// For each request that is answered so many may wait.
const WAITING_FACTOR: usize = 50;
/// A request that had no turn within this time is refused.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Requester {
    Person(UserId),
    /// An IPv4 address, or the network that one subscriber of IPv6 has.
    Network(ClientNetwork),
}

/// The buckets and turns of all who ask.
#[derive(Clone)]
pub struct RequestLimits(Arc<Inner>);

struct Inner {
    rates: DefaultKeyedRateLimiter<Requester>,
    burst: NonZeroU32,
    at_once: usize,
    turns: Mutex<HashMap<Requester, Arc<Turns>>>,
}

/// The turns of one requester.
struct Turns {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A turn, given back when the request is answered.
struct Turn {
    limits: Arc<Inner>,
    requester: Requester,
    /// `None` once it is given back.
    _permit: Option<OwnedSemaphorePermit>,
}

impl RequestLimits {
    pub fn new(limits: &Limits) -> Self {
        let at_least_one = |rate| NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
        let burst = at_least_one(limits.request_burst);
        let quota = Quota::per_second(at_least_one(limits.requests_per_second)).allow_burst(burst);
        Self(Arc::new(Inner {
            rates: DefaultKeyedRateLimiter::keyed(quota),
            burst,
            at_once: limits.requests_at_once.max(1),
            turns: Mutex::default(),
        }))
    }

    /// Takes a request's weight out of the bucket; an error tells when there will be enough in it.
    fn weigh(&self, requester: Requester, weight: NonZeroU32) -> Result<(), Duration> {
        let Inner { rates, burst, .. } = &*self.0;
        if rates.len() > KEYS {
            rates.retain_recent();
        }
        match rates.check_key_n(&requester, weight.min(*burst)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(until)) => Err(until.wait_time_from(DefaultClock::default().now())),
            // Heavier than a full bucket: it was cut down to that.
            Err(_) => Ok(()),
        }
    }

    /// Waits for a turn; an error where too many wait already, or it takes too long.
    async fn turn(&self, requester: Requester) -> Result<Turn, Duration> {
        let at_once = self.0.at_once;
        let turns = {
            let mut all = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Turns { free: Arc::new(Semaphore::new(at_once)), waiting: AtomicUsize::new(0) });
            all.entry(requester).or_insert_with(new).clone()
        };
        let mut turn = Turn { limits: self.0.clone(), requester, _permit: None };
        if let Ok(permit) = turns.free.clone().try_acquire_owned() {
            turn._permit = Some(permit);
            return Ok(turn);
        }
        let _waiting = Waiting::begin(&turns.waiting, at_once * WAITING_FACTOR).ok_or(Duration::from_secs(1))?;
        let permit = time::timeout(PATIENCE, turns.free.clone().acquire_owned()).await;
        turn._permit = permit.ok().and_then(Result::ok);
        if turn._permit.is_some() { Ok(turn) } else { Err(Duration::from_secs(1)) }
    }
}

/// One who waits, as long as they do.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize, most: usize) -> Option<Self> {
        let waiting = Self(count);
        (count.fetch_add(1, Ordering::Relaxed) < most).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self._permit = None;
        let mut all = self.limits.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else holds it: no request of this requester is under way or waits.
        if all
            .get(&self.requester)
            .is_some_and(|turns| Arc::strong_count(turns) == 1 && turns.free.available_permits() == self.limits.at_once)
        {
            all.remove(&self.requester);
        }
    }
}

/// What a request costs.
fn weight(method: &Method, path: &str, matched: Option<&str>) -> u32 {
    // Answered by the same handler, without the body.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let Some(route) = matched else {
        // The browser's files, or an address that there is nothing at.
        return if path.starts_with("/pkg/") { 0 } else { 1 };
    };
    match (method, route.strip_prefix(ROOT)) {
        (_, None) if matches!(route, "/healthz" | "/readyz" | "/metrics") => 0,
        (&Method::GET, None) => 10,
        (_, None) => 1,
        (_, Some("/loads/export" | "/loads/import")) => 25,
        (&Method::GET, Some("/loads/board" | "/loads/active" | "/loads/stats")) => 10,
        (&Method::GET, Some("/loads" | "/events" | "/operations/tracking/positions")) => 2,
        _ => 1,
    }
}

fn requester(state: &RestState, parts: &Parts) -> Option<Requester> {
    if let Ok(claims) = state.door.identify(&parts.uri, &parts.headers, None) {
        return Some(Requester::Person(claims.sub));
    }
    let address = parts.extensions.get::<ClientAddress>();
    address.map(|address| Requester::Network(address.network()))
}

/// Refuses whoever asks for too much, with the time after which it may be asked again.
pub async fn limit_requests(
    State((limits, state)): State<(RequestLimits, RestState)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let matched = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let weight = weight(&parts.method, parts.uri.path(), matched.as_deref());
    let Some(weight) = NonZeroU32::new(weight) else { return next.run(Request::from_parts(parts, body)).await };
    let Some(requester) = requester(&state, &parts) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    if let Err(wait) = limits.weigh(requester, weight) {
        return refuse("requests", "You ask for more than the server has for one person.", wait);
    }
    match limits.turn(requester).await {
        Ok(_turn) => next.run(Request::from_parts(parts, body)).await,
        Err(wait) => refuse("requests_at_once", "Too many of your requests are under way.", wait),
    }
}

fn refuse(limit: &'static str, why: &str, wait: Duration) -> Response {
    metrics::counter!(crate::metrics::THROTTLED, "limit" => limit).increment(1);
    let message = format!("{why} Try again in a moment.");
    Failure::new(ErrorCode::RateLimited, message).after(wait).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn limits(per_second: u32, burst: u32, at_once: usize) -> RequestLimits {
        let limits = Limits { requests_per_second: per_second, request_burst: burst, ..Limits::default() };
        RequestLimits::new(&Limits { requests_at_once: at_once, ..limits })
    }

    fn person(number: u128) -> Requester {
        Requester::Person(UserId(Uuid::from_u128(number)))
    }

    #[tokio::test]
    async fn a_turn_is_waited_for_and_nobody_is_remembered_who_has_gone() {
        let limits = limits(1, 1, 1);
        let first = limits.turn(person(1)).await.unwrap();
        limits.turn(person(2)).await.unwrap();
        let waiting: Vec<_> = (0..WAITING_FACTOR)
            .map(|_| {
                let limits = limits.clone();
                tokio::spawn(async move { limits.turn(person(1)).await.map(drop) })
            })
            .collect();
        while limits.0.turns.lock().unwrap()[&person(1)].waiting.load(Ordering::Relaxed) < WAITING_FACTOR {
            tokio::task::yield_now().await;
        }
        assert!(limits.turn(person(1)).await.is_err(), "too many wait");
        drop(first);
        for waited in waiting {
            assert!(waited.await.unwrap().is_ok());
        }
        limits.turn(person(1)).await.unwrap();
        assert!(limits.0.turns.lock().unwrap().is_empty());
    }

    #[test]
    fn what_is_heavier_than_a_bucket_takes_all_of_it() {
        let limits = limits(1, 5, 1);
        let heavy = NonZeroU32::new(25).unwrap();
        assert!(limits.weigh(person(1), heavy).is_ok());
        let wait = limits.weigh(person(1), heavy).unwrap_err();
        assert!((Duration::from_secs(3)..=Duration::from_secs(5)).contains(&wait), "{wait:?}");
        assert!(limits.weigh(person(2), NonZeroU32::MIN).is_ok(), "others have theirs");
    }

    #[test]
    fn files_and_probes_weigh_nothing() {
        for (path, matched, expected) in [
            ("/pkg/headhaul.wasm", None, 0),
            ("/readyz", Some("/readyz"), 0),
            ("/nowhere", None, 1),
            ("/dispatch", Some("/dispatch"), 10),
            ("/api/v1/loads/board", Some("/api/v1/loads/board"), 10),
            ("/api/v1/auth/me", Some("/api/v1/auth/me"), 1),
        ] {
            assert_eq!(weight(&Method::GET, path, matched), expected, "{path}");
        }
    }
}
