//! An errand: what a person means to be done once, however often it is sent until an answer comes.

use super::{ApiError, ErrorCode, Request, transport::call_once};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// What the server answers while it is still at work on an earlier request with the key.
const UNDER_WAY: &str = "idempotency_key_in_use";

/// What the server answers where it has done it and has lost the answer.
const DONE: &str = "idempotency_key_done";

/// A request that was sent and has no answer yet, and the key under which the server does it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// Method, path and body.
    request: String,
    key: String,
}

/// Sends a request under a key of its own. Where no answer comes, the same request carries the same key again, so that
/// it is done once; another request, or the same after an answer, is another errand. Copied freely; it lives as long
/// as the owner in which it was made.
#[derive(Debug, Clone, Copy)]
pub struct Errand(RwSignal<Option<Unanswered>>);

impl Errand {
    #[expect(clippy::new_without_default, reason = "it is made where there is an owner, as signals are")]
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// What was sent and not answered: to be kept by whoever outlives this page. Tracked.
    pub fn unanswered(self) -> Option<Unanswered> {
        self.0.get()
    }

    /// Goes on with what was kept.
    pub fn take_up(self, unanswered: Option<Unanswered>) {
        self.0.set(unanswered);
    }

    /// Makes the call. It counts as sent from now on, not only once the answer is waited for.
    ///
    /// # Errors
    /// [`ErrorCode::Unreachable`] where it is not known whether it was done: sent again it is done once.
    pub fn call<R: Request>(self, request: R) -> impl Future<Output = Result<R::Response, ApiError>> {
        let key = self.key_of(&request);
        async move {
            let answer = call_once(request, &key).await.map_err(as_it_concerns);
            if answer.as_ref().err().is_none_or(is_settled) {
                self.settle(&key);
            }
            answer
        }
    }

    /// The key that the request has, or has from now on.
    fn key_of<R: Request>(self, request: &R) -> String {
        let body = request.body().ok().flatten().unwrap_or_default();
        let request = format!("{} {}\n{body}", R::METHOD, request.path());
        let known = self.0.try_with_untracked(|held| held.as_ref().filter(|it| it.request == request).cloned());
        if let Some(known) = known.flatten() {
            return known.key;
        }
        let key = new_key();
        self.0.try_set(Some(Unanswered { request, key: key.clone() }));
        key
    }

    fn settle(self, key: &str) {
        let is_held = self.0.try_with_untracked(|held| held.as_ref().is_some_and(|it| it.key == key));
        if is_held == Some(true) {
            self.0.set(None);
        }
    }
}

/// Whether a refusal says that it was not done. The server keeps such answers for the key: whoever wants it judged anew
/// needs another one. What was done keeps its key: under another it would be done twice.
fn is_settled(error: &ApiError) -> bool {
    use ErrorCode::{Expired, Internal, RateLimited, Timeout, Unauthorized, Unavailable, Unreachable};
    let is_of_the_moment =
        matches!(error.code, Unreachable | Internal | Unavailable | Timeout | RateLimited | Unauthorized | Expired);
    !is_of_the_moment && error.rule() != Some(DONE)
}

/// What is said of the key, as it concerns the person: while the server is at work on it there is no answer, and where
/// it was done nobody else was first.
fn as_it_concerns(error: ApiError) -> ApiError {
    match error.rule() {
        Some(UNDER_WAY) => ApiError::unreachable(error.message),
        Some(DONE) => ApiError { code: ErrorCode::RuleBroken, ..error },
        _ => error,
    }
}

fn new_key() -> String {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string()
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    // `randomUUID` is there over HTTPS alone, this everywhere.
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        bytes = std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// Without a browser there is nobody who presses; it is unique all the same.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn random_bytes() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    let random = || RandomState::new().hash_one(0);
    uuid::Uuid::from_u64_pair(random(), random()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::load_files::ImportLoads,
        api::loads::{ChangeStatus, StatusChange},
        domain::{status::LoadStatus, test_cards::id},
    };
    use serde_json::json;

    fn step(version: i64) -> ChangeStatus {
        let change = StatusChange { status: LoadStatus::Pending, version, reason: None };
        ChangeStatus { id: id(1), change }
    }

    #[test]
    fn the_same_request_carries_the_same_key_until_it_is_answered() {
        let owner = Owner::new();
        owner.set();
        let errand = Errand::new();
        let first = errand.key_of(&step(1));
        assert_eq!(errand.key_of(&step(1)), first, "sent again");
        errand.settle(&first);
        assert_ne!(errand.key_of(&step(1)), first, "done once, and now asked for anew");
    }

    #[test]
    fn another_request_is_another_errand() {
        let owner = Owner::new();
        owner.set();
        let errand = Errand::new();
        let first = errand.key_of(&step(1));
        let second = errand.key_of(&step(2));
        let import = errand.key_of(&ImportLoads { csv: "a".into(), confirm: true });
        assert_ne!(first, second);
        assert_ne!(second, import);
        errand.settle(&first);
        assert_eq!(
            errand.key_of(&ImportLoads { csv: "a".into(), confirm: true }),
            import,
            "a late answer settles nothing"
        );
    }

    #[test]
    fn what_was_kept_is_taken_up_with_its_key() {
        let owner = Owner::new();
        owner.set();
        let (left, found) = (Errand::new(), Errand::new());
        let key = left.key_of(&step(1));
        let kept = serde_json::to_string(&left.0.get_untracked()).expect("it can be written");
        found.take_up(serde_json::from_str(&kept).expect("it can be read"));
        assert_eq!(found.key_of(&step(1)), key);
        assert_ne!(Errand::new().key_of(&step(1)), key);
    }

    #[test]
    fn only_an_answer_that_the_server_keeps_settles_it() {
        for code in [ErrorCode::RuleBroken, ErrorCode::Conflict, ErrorCode::NotFound, ErrorCode::Forbidden] {
            assert!(is_settled(&ApiError::new(code, "no")), "{code:?}");
        }
        for code in [
            ErrorCode::Unreachable,
            ErrorCode::Internal,
            ErrorCode::Unavailable,
            ErrorCode::RateLimited,
            ErrorCode::Expired,
        ] {
            assert!(!is_settled(&ApiError::new(code, "no")), "{code:?}");
        }
        let at_work = ApiError { details: json!({"rule": UNDER_WAY}), ..ApiError::new(ErrorCode::Conflict, "wait") };
        assert_eq!(as_it_concerns(at_work).code, ErrorCode::Unreachable);
        let taken = ApiError { details: json!({"rule": "already"}), ..ApiError::new(ErrorCode::Conflict, "no") };
        assert_eq!(as_it_concerns(taken).code, ErrorCode::Conflict);
        let done = ApiError { details: json!({"rule": DONE}), ..ApiError::new(ErrorCode::Conflict, "It was done.") };
        let done = as_it_concerns(done);
        assert_eq!(done.code, ErrorCode::RuleBroken, "nobody else was first");
        assert!(!is_settled(&done), "under another key it would be done twice");
    }
}
