//! What all staff are told at once.

use super::{Data, Done, Request};
use http::Method;
use serde::{Deserialize, Serialize};

/// `POST /announcements`: tells all staff something.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Announce {
    /// 1 to 500 characters.
    pub message: String,
}

impl Request for Announce {
    type Response = Data<Done>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/announcements".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}
