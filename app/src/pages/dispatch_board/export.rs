//! Loads of the board as a file.

use super::desk::Desk;
use crate::{
    api::{
        fetch_file,
        load_files::{EXPORT_LIMIT, ExportLoads},
    },
    components::download::download,
    domain::id::LoadId,
    pages::layout::is_over,
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};

const FILE: &str = "loads.csv";

impl Desk {
    /// Downloads what the board shows.
    pub fn export_shown(self) {
        let shown = |lane: &Memo<super::lane_order::LaneOrder>| {
            lane.with_untracked(|order| order.ids.iter().map(|id| LoadId(*id)).collect::<Vec<_>>())
        };
        self.export(self.lanes.iter().flat_map(shown).collect());
    }

    /// Downloads these loads.
    pub fn export(self, ids: Vec<LoadId>) {
        let toasts = self.toasts;
        if ids.is_empty() {
            toasts.refusal("The board shows no load, so there is nothing to export.");
            return;
        }
        if ids.len() > EXPORT_LIMIT {
            let count = ids.len();
            toasts.refusal(format!("{count} loads are too many for one file; at most {EXPORT_LIMIT}. Filter first."));
            return;
        }
        self.said.set(format!("Exporting {} loads", ids.len()));
        spawn_local(async move {
            match fetch_file(ExportLoads { ids }).await {
                Ok(text) if download(FILE, "text/csv", &text) => toasts.notice(format!("{FILE} downloaded")),
                Ok(_) => toasts.refusal("The browser did not let us download the file."),
                Err(error) if is_over(&error) => leave_for_login(),
                Err(error) => toasts.refusal(format!("Nothing was exported. {}", error.message)),
            }
        });
    }
}
