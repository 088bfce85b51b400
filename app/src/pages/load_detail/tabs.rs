//! The tabs of the page: links, so that each has an address and they work before the page's program is there.

use super::{
    load_desk::LoadDesk,
    sheet::Parts,
    tab::{Tab, next_tab},
};
use leptos::{ev::KeyboardEvent, html, prelude::*, wasm_bindgen::JsCast};

pub const fn tab_id(tab: Tab) -> &'static str {
    match tab {
        Tab::Overview => "tab-overview",
        Tab::Timeline => "tab-timeline",
        Tab::Calls => "tab-calls",
        Tab::Messages => "tab-messages",
    }
}

pub const fn panel_id(tab: Tab) -> &'static str {
    match tab {
        Tab::Overview => "panel-overview",
        Tab::Timeline => "panel-timeline",
        Tab::Calls => "panel-calls",
        Tab::Messages => "panel-messages",
    }
}

#[component]
pub fn Tabs(desk: LoadDesk, parts: Parts) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let unread = Memo::new(move |_| desk.model().talk().unread(desk.viewer.id));
    let tabs = Tab::ALL.map(|tab| one(desk, parts, tab, unread)).into_iter().collect_view();
    let on_key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        if take_focus(&list, &event.key()) {
            event.prevent_default();
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Parts of the load" node_ref=list on:keydown=on_key>
            {tabs}
        </div>
    }
}

fn one(desk: LoadDesk, parts: Parts, tab: Tab, unread: Memo<usize>) -> AnyView {
    let is_shown = move || parts.place.shown.get() == tab;
    let count = move || {
        let unread = unread.get();
        (tab == Tab::Messages && unread > 0).then(|| {
            view! {
                <span class="tab-count">{unread} <span class="sr-only">" unread"</span></span>
            }
        })
    };
    view! {
        <a
            id=tab_id(tab)
            class="tab"
            role="tab"
            href=format!("/loads/{}?tab={}", desk.load, tab.code())
            data-noscroll=""
            prop:replace=true
            data-tab=tab.code()
            tabindex=move || if is_shown() { "0" } else { "-1" }
            aria-selected=move || if is_shown() { "true" } else { "false" }
            aria-controls=move || is_shown().then_some(panel_id(tab))
        >
            {tab.label()}
            {count}
        </a>
    }
    .into_any()
}

/// Moves the focus along the tabs that are to be seen, and shows the one that gets it. Whether the key was for that.
fn take_focus(list: &web_sys::HtmlDivElement, key: &str) -> bool {
    let all = std::iter::successors(list.first_element_child(), |tab| tab.next_element_sibling());
    let tabs: Vec<web_sys::HtmlElement> =
        all.filter_map(|tab| tab.dyn_into().ok()).filter(|tab: &web_sys::HtmlElement| tab.offset_width() > 0).collect();
    let focused = document().active_element();
    let at = tabs.iter().position(|tab| focused.as_ref().is_some_and(|focused| focused.loose_eq(tab)));
    let Some(next) = at.and_then(|at| next_tab(key, at, tabs.len())) else { return false };
    let _ = tabs[next].focus();
    tabs[next].click();
    true
}
