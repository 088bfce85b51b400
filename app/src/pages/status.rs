//! The HTTP status that a page is answered with, where it is not 200.

use http::StatusCode;
use leptos::prelude::use_context;
use std::sync::Arc;

/// Sets the status of the answer that a page is rendered into. The server provides one with each page.
#[derive(Clone)]
pub struct AnswerStatus(Arc<dyn Fn(StatusCode) + Send + Sync>);

impl AnswerStatus {
    pub fn new(set: impl Fn(StatusCode) + Send + Sync + 'static) -> Self {
        Self(Arc::new(set))
    }
}

/// Says that what the page was to show is not there. In the browser, where the page is there already, nothing happens.
pub fn answer_not_found() {
    if let Some(AnswerStatus(set)) = use_context() {
        set(StatusCode::NOT_FOUND);
    }
}
