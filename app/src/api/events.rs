//! The numbered streams, for polling and for integrations.

use super::Request;
use crate::events::{Cursor, Namespace, RawEnvelope};
use http::Method;
use serde::{Deserialize, Serialize};

/// `GET /events`: what follows a place in a stream.
#[derive(Debug, Clone)]
pub struct GetEvents {
    pub namespace: Namespace,
    pub stream: String,
    pub after: Cursor,
}

/// Events in order. When the place asked for is not known any more, `recovered` is false and there are none:
/// fetch the snapshot anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct EventPage {
    #[cfg_attr(feature = "ssr", schema(value_type = Vec<crate::events::Envelope<serde_json::Value>>))]
    pub data: Vec<RawEnvelope>,
    /// The place after the last of `data`.
    pub cursor: Cursor,
    pub recovered: bool,
    /// There are more; ask again with `cursor`.
    pub more: bool,
}

impl Request for GetEvents {
    type Response = EventPage;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!(
            "/events?namespace={}&stream={}&epoch={}&after={}",
            self.namespace.path(),
            self.stream,
            self.after.epoch,
            self.after.seq
        )
    }
}
