//! Presets: views of the board that a person has saved under names. Everybody has their own.

use super::{Data, Done, Page, Request};
use crate::domain::{id::PresetId, time::Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};

/// The longest name and the longest query, in characters; the most presets of one person.
pub const NAME_CHARS: usize = 60;
pub const QUERY_CHARS: usize = 2_000;
pub const MOST_PRESETS: usize = 50;

/// A view of the board under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    pub id: PresetId,
    pub name: String,
    /// The query of the board's address, without the question mark: `carrier=none&sort=unassigned:pickup`.
    pub query: String,
    pub created_at: Timestamp,
}

/// `GET /presets`: one's own, the oldest first.
#[derive(Debug, Clone)]
pub struct ListPresets;

impl Request for ListPresets {
    type Response = Page<Preset>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/presets".into()
    }
}

/// `POST /presets`: saves a view. One's own names are told apart without regard to capitals; 50 presets at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavePreset {
    /// 1 to 60 characters.
    pub name: String,
    /// At most 2,000 characters; empty for the board as it usually is.
    pub query: String,
}

impl Request for SavePreset {
    type Response = Data<Preset>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/presets".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// What of a preset to change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PresetPatch {
    /// 1 to 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// `PATCH /presets/{id}`: renames it, or puts another view in its place.
#[derive(Debug, Clone)]
pub struct PatchPreset {
    pub id: PresetId,
    pub patch: PresetPatch,
}

impl Request for PatchPreset {
    type Response = Data<Preset>;
    const METHOD: Method = Method::PATCH;
    fn path(&self) -> String {
        format!("/presets/{}", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.patch).map(Some)
    }
}

/// `DELETE /presets/{id}`.
#[derive(Debug, Clone)]
pub struct DeletePreset(pub PresetId);

impl Request for DeletePreset {
    type Response = Data<Done>;
    const METHOD: Method = Method::DELETE;
    fn path(&self) -> String {
        format!("/presets/{}", self.0)
    }
}
