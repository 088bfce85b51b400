//! Large answers to pages that are rendered in this process: given as they are, not written out only to be read again.
//!
//! It is the same request at the same door; only its last step is left out.

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::request::Parts;
use serde::Serialize;
use std::{
    any::Any,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

/// Marks a request whose sender takes the value itself. Nothing that comes over the network can carry it.
#[derive(Debug, Clone, Copy)]
pub struct GivesValue;

/// The value of an answer, beside an empty body.
#[derive(Clone)]
pub struct Given(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

impl Given {
    /// The value, for the first who asks.
    pub fn take(self) -> Option<Box<dyn Any + Send>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Who asks: a page in this process, or somebody else.
pub struct Asker {
    in_process: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { in_process: parts.extensions.get::<GivesValue>().is_some() })
    }
}

impl Asker {
    /// Answers with success.
    pub fn answer<T: Serialize + Send + 'static>(&self, value: T) -> Response {
        if !self.in_process {
            return Json(value).into_response();
        }
        let mut response = Response::default();
        response.extensions_mut().insert(Given(Arc::new(Mutex::new(Some(Box::new(value))))));
        response
    }
}
