//! Fetches the load of the page anew where events do not tell all of it: they tell no stops.

use super::load_model::LoadModel;
use crate::api::{call, loads::GetLoad};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// What is told of one change comes in several events, in any order.
const SETTLES: Duration = Duration::from_millis(120);
/// Answers in a row that were overtaken, before the whole page is fetched anew.
const MOST: usize = 3;

/// Copied freely; it lives as long as the load is shown.
#[derive(Clone, Copy)]
pub struct LoadFetch {
    model: StoredValue<LoadModel>,
    /// Fetches the page anew; it is tried again until it succeeds, and says why it does not.
    page: Callback<()>,
    timer: StoredValue<Option<TimeoutHandle>>,
    under_way: StoredValue<bool>,
}

impl LoadFetch {
    pub fn new(model: LoadModel, page: Callback<()>) -> Self {
        let fetch = Self {
            model: StoredValue::new(model),
            page,
            timer: StoredValue::new(None),
            under_way: StoredValue::new(false),
        };
        on_cleanup(move || fetch.stop());
        fetch
    }

    /// Fetches the load if, once all is told, the stops are still not those of its card.
    pub fn run_if_behind(self) {
        self.stop();
        let look = move || {
            let is_behind = |model: &LoadModel| model.stops_are_behind() || model.stops_deny_status();
            if self.model.try_with_value(is_behind) == Some(true) {
                self.run();
            }
        };
        self.timer.try_set_value(set_timeout_with_handle(look, SETTLES).ok());
    }

    /// Fetches the load.
    pub fn run(self) {
        let Some(model) = self.model.try_get_value() else { return };
        if self.under_way.try_update_value(|under_way| std::mem::replace(under_way, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            let mut is_whole = false;
            for _ in 0..MOST {
                let Ok(answer) = call(GetLoad(model.id())).await else { break };
                model.take_whole(answer.data);
                is_whole = !model.stops_are_behind();
                if is_whole {
                    break;
                }
            }
            self.under_way.try_set_value(false);
            if !is_whole {
                let _ = self.page.try_run(());
            }
        });
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
