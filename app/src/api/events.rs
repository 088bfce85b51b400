//! The numbered streams, for polling and for integrations.

use super::{Request, with_query};
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
        let query = [
            ("namespace", self.namespace.path().to_owned()),
            ("stream", self.stream.clone()),
            ("epoch", self.after.epoch.clone()),
            ("after", self.after.seq.to_string()),
        ];
        with_query("/events", &query.map(|(name, value)| (name, Some(value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_stream_breaks_the_question() {
        let after = Cursor { epoch: "a&after=0".into(), seq: 7 };
        let question = GetEvents { namespace: Namespace::Dispatch, stream: "carrier:1 2".into(), after };
        let expected = "/events?namespace=%2Fdispatch&stream=carrier%3A1%202&epoch=a%26after%3D0&after=7";
        assert_eq!(question.path(), expected);
    }
}
