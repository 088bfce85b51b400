//! What the header of the board works on: filter, pause, and the lane that a phone shows.

use crate::domain::status::Lane;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use std::time::Duration;

/// How long after the last key the address follows the filter.
const URL_FOLLOWS: Duration = Duration::from_millis(250);

#[derive(Clone, Copy)]
pub struct Tools {
    /// As typed.
    pub filter: RwSignal<String>,
    /// Updates are held back until resumed.
    pub paused: RwSignal<bool>,
    /// Changes that are held back now.
    pub waiting: RwSignal<u64>,
    /// The lane that a narrow screen shows.
    pub shown: RwSignal<Lane>,
}

impl Tools {
    /// The filter starts from the address, follows it back and forth, and is kept in it.
    pub fn new() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| query.with(|query| query.get_str("q").unwrap_or_default().to_owned()));
        let filter = RwSignal::new(asked.get_untracked());
        keep_in_address(filter, asked);
        Self { filter, paused: RwSignal::new(false), waiting: RwSignal::new(0), shown: RwSignal::new(Lane::Unassigned) }
    }
}

fn keep_in_address(filter: RwSignal<String>, asked: Memo<String>) {
    let navigate = use_navigate();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // What this page wrote itself must not overwrite what has been typed since.
    let written = StoredValue::new(asked.get_untracked());
    Effect::new(move |_| {
        let asked = asked.get();
        if written.get_value() != asked {
            written.set_value(asked.clone());
            filter.set(asked);
        }
    });
    Effect::new(move |_| {
        let text = filter.get();
        if let Some(pending) = timer.try_update_value(Option::take).flatten() {
            pending.clear();
        }
        if written.get_value() == text {
            return;
        }
        let navigate = navigate.clone();
        let write = move || {
            written.set_value(text.clone());
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&address(&text), options);
        };
        timer.set_value(set_timeout_with_handle(write, URL_FOLLOWS).ok());
    });
    on_cleanup(move || {
        if let Some(pending) = timer.try_update_value(Option::take).flatten() {
            pending.clear();
        }
    });
}

fn address(filter: &str) -> String {
    if filter.trim().is_empty() {
        return "/dispatch".into();
    }
    let mut query = leptos_router::params::ParamsMap::new();
    query.insert("q", filter.to_owned());
    format!("/dispatch{}", query.to_query_string())
}
