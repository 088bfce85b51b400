//! The API in process: what a page asks for while it is rendered goes to the same router as everything else.

use crate::rest::{Given, GivesValue};
use app::api::{Answer, Transport};
use axum::{Router, body::Body};
use http::{HeaderValue, Request, StatusCode, header};
use std::{future::Future, pin::Pin};
use tower::ServiceExt;

pub struct InProcess {
    pub api: Router,
    /// The visitor's cookies.
    pub cookie: Option<HeaderValue>,
}

impl Transport for InProcess {
    fn send(&self, request: Request<String>) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let mut request = request.map(Body::from);
        request.extensions_mut().insert(GivesValue);
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.clone());
        }
        let api = self.api.clone();
        Box::pin(async move {
            let mut response = match api.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if let Some(value) = response.extensions_mut().remove::<Given>().and_then(Given::take) {
                return Answer::Given(value);
            }
            let status = response.status();
            match axum::body::to_bytes(response.into_body(), usize::MAX).await {
                Ok(body) => Answer::Written(status.as_u16(), body.to_vec()),
                Err(_) => Answer::Written(StatusCode::INTERNAL_SERVER_ERROR.as_u16(), Vec::new()),
            }
        })
    }
}
