//! How a call travels: HTTP in the browser, the router in process on the server.

use super::{ApiError, ErrorBody, ErrorCode, FileRequest, ROOT, Request};
use serde::de::{DeserializeOwned, Error};

#[cfg(feature = "ssr")]
use std::{any::Any, future::Future, pin::Pin, sync::Arc};

/// The header that carries the key.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
const KEY: &str = "idempotency-key";

/// What the router answers a page that is being rendered.
#[cfg(feature = "ssr")]
pub enum Answer {
    /// Status and body.
    Written(u16, Vec<u8>),
    /// The value that a success stands for: written out and read again it would be the same.
    Given(Box<dyn Any + Send>),
}

/// The router as a rendered page sees it. Provided as a context for each page, with the visitor's cookie inside.
#[cfg(feature = "ssr")]
pub trait Transport: Send + Sync {
    fn send(&self, request: http::Request<String>) -> Pin<Box<dyn Future<Output = Answer> + Send>>;
}

/// Makes a call and reads its answer.
///
/// On the server it must begin where leptos contexts can be read, that is, inside a resource or a component.
pub async fn call<R: Request>(request: R) -> Result<R::Response, ApiError> {
    answer_to(request, None).await
}

/// As [`call`]; what is sent again under its key is done once, and answered as it was the first time.
pub async fn call_once<R: Request>(request: R, key: &str) -> Result<R::Response, ApiError> {
    answer_to(request, Some(key)).await
}

async fn answer_to<R: Request>(request: R, key: Option<&str>) -> Result<R::Response, ApiError> {
    let given = exchange(R::METHOD, request.path(), request.body(), key).await?;
    #[cfg(feature = "ssr")]
    let bytes = match given {
        Success::Given(value) => {
            return value
                .downcast()
                .map(|value| *value)
                .map_err(|_| ApiError::unreachable("The answer was of another kind."));
        }
        Success::Written(bytes) => bytes,
    };
    #[cfg(not(feature = "ssr"))]
    let Success::Written(bytes) = given;
    read(&bytes).map_err(|error| ApiError::unreachable(format!("The answer could not be read: {error}")))
}

/// Reads JSON as text, as all else is read: each way of reading is compiled for every type.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    serde_json::from_str(std::str::from_utf8(bytes).map_err(serde_json::Error::custom)?)
}

/// Makes a call that answers with a file, and gives its text.
pub async fn fetch_file<R: FileRequest>(request: R) -> Result<String, ApiError> {
    match exchange(R::METHOD, request.path(), request.body(), None).await? {
        Success::Written(bytes) => String::from_utf8(bytes)
            .map_err(|error| ApiError::unreachable(format!("The file could not be read: {error}"))),
        #[cfg(feature = "ssr")]
        Success::Given(_) => Err(ApiError::unreachable("The answer was no file.")),
    }
}

/// What a call that succeeded was answered.
enum Success {
    Written(Vec<u8>),
    #[cfg(feature = "ssr")]
    Given(Box<dyn Any + Send>),
}

/// The answer of a success; a refusal as the error that it says.
async fn exchange(
    method: http::Method,
    path: String,
    body: serde_json::Result<Option<String>>,
    key: Option<&str>,
) -> Result<Success, ApiError> {
    let body = body.map_err(|error| ApiError::new(ErrorCode::BadRequest, error.to_string()))?;
    let (status, bytes) = match send(method, format!("{ROOT}{path}"), body, key).await? {
        #[cfg(feature = "ssr")]
        Answer::Given(value) => return Ok(Success::Given(value)),
        #[cfg(feature = "ssr")]
        Answer::Written(status, bytes) => (status, bytes),
        #[cfg(not(feature = "ssr"))]
        written => written,
    };
    if (200..300).contains(&status) {
        return Ok(Success::Written(bytes));
    }
    Err(match read::<ErrorBody>(&bytes) {
        Ok(body) => body.error,
        Err(_) => ApiError::unreachable(format!("The server answered {status}.")),
    })
}

#[cfg(feature = "ssr")]
async fn send(method: http::Method, path: String, body: Option<String>, key: Option<&str>) -> Result<Answer, ApiError> {
    let transport = leptos::prelude::use_context::<Arc<dyn Transport>>()
        .ok_or_else(|| ApiError::unreachable("There is no way to the API here."))?;
    let mut request =
        http::Request::builder().method(method).uri(path).header(http::header::CONTENT_TYPE, "application/json");
    if let Some(key) = key {
        request = request.header(KEY, key);
    }
    let request = request
        .body(body.unwrap_or_default())
        .map_err(|error| ApiError::new(ErrorCode::BadRequest, error.to_string()))?;
    Ok(transport.send(request).await)
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
async fn send(
    method: http::Method,
    path: String,
    body: Option<String>,
    key: Option<&str>,
) -> Result<(u16, Vec<u8>), ApiError> {
    // What the browser gives is bound to its one thread; resources want to be sendable.
    send_wrapper::SendWrapper::new(async move {
        let unreachable =
            |error: gloo_net::Error| ApiError::unreachable(format!("The server can't be reached: {error}"));
        let mut builder = gloo_net::http::RequestBuilder::new(&path).method(method);
        if let Some(key) = key {
            builder = builder.header(KEY, key);
        }
        let response = match body {
            Some(body) => {
                builder.header("Content-Type", "application/json").body(body).map_err(unreachable)?.send().await
            }
            None => builder.send().await,
        }
        .map_err(unreachable)?;
        let status = response.status();
        Ok((status, response.binary().await.map_err(unreachable)?))
    })
    .await
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
async fn send(_: http::Method, _: String, _: Option<String>, _: Option<&str>) -> Result<(u16, Vec<u8>), ApiError> {
    Err(ApiError::unreachable("Built for neither the browser nor the server."))
}
