//! Every REST call as a type: its method, path, request and response. `call(request).await` is the one way to make it;
//! an [`Errand`] makes it under a key, so that what has to be sent again is done once.
//!
//! In the browser a call is HTTP; on the server, while a page is rendered, it is the same request given to the same
//! router in process, with the visitor's cookie. There is no second, private API.

pub mod announcements;
pub mod audit;
pub mod auth;
pub mod carriers;
pub mod cold_chain;
pub mod conversations;
mod errand;
pub mod error;
pub mod events;
pub mod facilities;
mod in_page;
pub mod load_actions;
pub mod load_files;
pub mod loads;
pub mod notifications;
mod pack;
pub mod positions;
pub mod presence;
pub mod presets;
pub mod road;
pub mod timeline;
mod transport;
pub mod users;

pub use errand::{Errand, Unanswered};
pub use error::{ApiError, ErrorBody, ErrorCode};
pub use in_page::{InPage, Loaded};
#[cfg(feature = "ssr")]
pub use transport::{Answer, Transport};
pub use transport::{call, fetch_file};

use crate::{domain::time::Timestamp, events::Cursors};
use http::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt::Write;

/// Where the API lives.
pub const ROOT: &str = "/api/v1";

/// One REST call.
pub trait Request: Clone + Send + Sync + 'static {
    /// What a success answers with, whole, `data` included.
    type Response: Serialize + DeserializeOwned + Clone + Send + Sync + 'static;
    const METHOD: Method;

    /// Path and query below [`ROOT`].
    fn path(&self) -> String;

    /// The body as JSON, if the call has one.
    fn body(&self) -> serde_json::Result<Option<String>> {
        Ok(None)
    }

    /// How a page that was rendered with a success carries it along, so that the browser need not ask again. Shorter
    /// than JSON where it is large.
    fn write_in_page(response: &Self::Response) -> serde_json::Result<String> {
        serde_json::to_string(response)
    }

    /// Reads what [`Request::write_in_page`] has written.
    fn read_from_page(text: &str) -> serde_json::Result<Self::Response> {
        serde_json::from_str(text)
    }
}

/// One REST call that answers with a file of text.
pub trait FileRequest: Clone + Send + Sync + 'static {
    const METHOD: Method;

    /// Path and query below [`ROOT`].
    fn path(&self) -> String;

    /// The body as JSON, if the call has one.
    fn body(&self) -> serde_json::Result<Option<String>> {
        Ok(None)
    }
}

/// A path with what of its query is set, percent-encoded.
fn with_query(path: &str, query: &[(&str, Option<String>)]) -> String {
    let mut written = String::from(path);
    let set = query.iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
    for (index, (name, value)) in set.enumerate() {
        written.push(if index == 0 { '?' } else { '&' });
        written.push_str(name);
        written.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                written.push(char::from(byte));
            } else {
                // Writing to a string does not fail.
                let _ = write!(written, "%{byte:02X}");
            }
        }
    }
    written
}

/// An answer of one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Data<T> {
    pub data: T,
}

/// The answer of a call that leaves nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Done {
    /// Always true: what was not done answers with an error.
    pub done: bool,
}

/// An answer with the places in the streams at which it is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Snapshot<T> {
    pub data: T,
    #[cfg_attr(feature = "ssr", schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, crate::events::Cursor>>))]
    pub cursors: Cursors,
}

/// An answer of some of many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub data: Vec<T>,
    pub page: PageInfo,
}

/// An answer of some of many, with the places in the streams at which it is true: it can be followed live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LivePage<T> {
    pub data: Vec<T>,
    pub page: PageInfo,
    /// The server's clock when it answered.
    pub now: Timestamp,
    #[cfg_attr(feature = "ssr", schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, crate::events::Cursor>>))]
    pub cursors: Cursors,
}

/// What a [`LivePage`] holds, apart from its places in the streams.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed<T> {
    pub data: Vec<T>,
    pub page: PageInfo,
    pub now: Timestamp,
}

impl<T> From<LivePage<T>> for Snapshot<Listed<T>> {
    fn from(LivePage { data, page, now, cursors }: LivePage<T>) -> Self {
        Self { data: Listed { data, page, now }, cursors }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PageInfo {
    /// Ask with this as `cursor` for what follows; null at the end.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_holds_what_is_set_and_nothing_that_would_break_it() {
        assert_eq!(with_query("/carriers", &[("search", None), ("fit", None)]), "/carriers");
        let query = [("search", Some("R&R Löwe".to_owned())), ("cursor", None), ("fit", Some("true".to_owned()))];
        assert_eq!(with_query("/carriers", &query), "/carriers?search=R%26R%20L%C3%B6we&fit=true");
    }
}
