//! What a dialog has to fetch before it can be filled in.

use crate::api::{ApiError, Request, call};
use leptos::task::spawn_local;

/// What was asked for: on its way, there, or not to be had.
#[derive(Debug, Clone)]
pub(super) enum Fetched<T> {
    Waiting,
    There(T),
    Failed(ApiError),
}

impl<T> Fetched<T> {
    pub fn there(&self) -> Option<&T> {
        match self {
            Fetched::There(value) => Some(value),
            _ => None,
        }
    }
}

/// Fetches and hands the answer over, unless nobody wants it any more.
pub(super) fn fetch<R: Request>(request: R, then: impl Fn(Result<R::Response, ApiError>) + 'static) {
    spawn_local(async move { then(call(request).await) });
}
