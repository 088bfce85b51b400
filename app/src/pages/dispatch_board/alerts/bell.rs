//! The bell in the board's header, and what can be switched on behind it.

use super::{Alerts, means::Permission};
use crate::components::icon::{Icon, icon};
use leptos::prelude::*;

#[component]
pub fn AlertBell(alerts: Alerts) -> impl IntoView {
    let label =
        move || if alerts.is_on() { "Alerts for unassigned loads: on" } else { "Alerts for unassigned loads: off" };
    let notes = move || note(alerts.permission.get());
    view! {
        <button
            type="button"
            class="icon-button bell"
            popovertarget="alerts"
            aria-label=label
            title=label
            data-on=move || alerts.is_on().then_some("")
        >
            {icon(Icon::Bell)}
        </button>
        <div class="alerts" id="alerts" popover="auto" role="group" aria-labelledby="alerts-title">
            <h2 class="alerts-title" id="alerts-title">"New unassigned load"</h2>
            <p class="alerts-text">
                "When somebody else books a load without a carrier, or one comes back without one. Only loads that pass the filter of this board."
            </p>
            <label class="switch">
                <input
                    type="checkbox"
                    role="switch"
                    prop:checked=move || alerts.sound.get()
                    on:change=move |event| alerts.switch_sound(event_target_checked(&event))
                />
                <span>"Sound"</span>
            </label>
            <p class="alerts-note">"Two soft notes, at most every 8 s."</p>
            <label class="switch">
                <input
                    type="checkbox"
                    role="switch"
                    aria-describedby="alerts-notification"
                    prop:checked=move || alerts.notifies()
                    on:change=move |event| {
                        alerts.switch_notification(event_target_checked(&event));
                        // It is on only once it is permitted.
                        if !untrack(move || alerts.notifies()) {
                            show_off(&event);
                        }
                    }
                />
                <span>"Notification"</span>
            </label>
            <p
                class="alerts-note"
                id="alerts-notification"
                role="status"
                data-refused=move || (alerts.permission.get() == Permission::Denied).then_some("")
            >
                {notes}
            </p>
            <p class="alerts-note">"Kept in this browser."</p>
        </div>
    }
}

const fn note(permission: Permission) -> &'static str {
    match permission {
        Permission::Granted => "By the system, also while you work in another window. A click leads to the load.",
        Permission::Open => "By the system, also while you work in another window. Your browser will ask you first.",
        Permission::Denied => {
            "This browser blocks notifications from this site. Allow them in its settings for the site, then switch on again."
        }
        Permission::Unsupported => "This browser has no notifications.",
    }
}

fn show_off(event: &web_sys::Event) {
    use leptos::wasm_bindgen::JsCast;
    if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        input.set_checked(false);
    }
}
