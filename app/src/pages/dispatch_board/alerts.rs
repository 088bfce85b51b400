//! The alert for loads that come to need a carrier: a sound, a notification of the browser, each off until switched on.
//!
//! Told are loads that were booked without a carrier, or came back without one, by somebody else, and that pass the
//! board's filter. What a page brings when it is opened is not told; what happened while it was away is summed up.

mod bell;
mod means;
mod pace;

use super::desk::Desk;
use crate::{
    components::clock::wall_millis,
    domain::{id::LoadId, load::LoadCard},
};
pub use bell::AlertBell;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use means::{Clicks, Permission};
use pace::Pace;
use std::time::Duration;

const SOUND: &str = "alert-sound";
const NOTIFICATION: &str = "alert-notification";

/// What is switched on in this browser. Copied freely.
#[derive(Clone, Copy)]
pub struct Alerts {
    sound: RwSignal<bool>,
    /// Wished for; shown only with the permission.
    notification: RwSignal<bool>,
    permission: RwSignal<Permission>,
}

impl Alerts {
    /// All is off until the browser has said what it keeps, so that the first render is the same on both sides.
    pub fn new() -> Self {
        let alerts = Self {
            sound: RwSignal::new(false),
            notification: RwSignal::new(false),
            permission: RwSignal::new(Permission::Open),
        };
        Effect::new(move |_| {
            alerts.permission.set(means::permission());
            alerts.sound.set(stored(SOUND));
            alerts.notification.set(stored(NOTIFICATION));
        });
        alerts
    }

    fn notifies(self) -> bool {
        self.notification.get() && self.permission.get() == Permission::Granted
    }

    fn is_on(self) -> bool {
        self.sound.get() || self.notifies()
    }

    /// Switching on plays it once: one hears what to expect, and the browser learns that sound is wanted.
    fn switch_sound(self, on: bool) {
        keep(SOUND, on);
        self.sound.set(on);
        if on {
            means::chime();
        }
    }

    fn switch_notification(self, on: bool) {
        let permission = means::permission();
        self.permission.set(permission);
        keep(NOTIFICATION, on);
        self.notification.set(on);
        if on && permission == Permission::Open {
            means::ask(move |answer| {
                self.permission.try_set(answer);
                if answer != Permission::Granted {
                    keep(NOTIFICATION, false);
                    self.notification.try_set(false);
                }
            });
        }
    }

    /// Watches the board as long as it is shown.
    pub fn watch(self, desk: Desk) {
        let pace = StoredValue::new(Pace::default());
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let model = desk.model();
        Effect::new(move |_| {
            let arrivals = model.take_arrivals();
            if arrivals.is_empty() || !untrack(move || self.is_on()) {
                return;
            }
            let mut wait = None;
            for (load, by) in arrivals {
                if by != Some(desk.viewer.id) {
                    let due = pace.try_update_value(|pace| pace.add(load, wall_millis())).flatten();
                    wait = wait.or(due);
                }
            }
            if let Some(wait) = wait {
                let tell = move || self.tell(desk, pace);
                let wait = Duration::from_millis(wait.unsigned_abs());
                timer.set_value(set_timeout_with_handle(tell, wait).ok());
            }
        });
        Effect::new(move |_| {
            let clicks = Clicks::hear(move |load| {
                if let Ok(load) = load.parse::<LoadId>() {
                    desk.focus(load);
                }
            });
            let clicks = StoredValue::new_local(Some(clicks));
            on_cleanup(move || {
                clicks.try_update_value(Option::take);
            });
        });
        on_cleanup(move || {
            if let Some(pending) = timer.try_update_value(Option::take).flatten() {
                pending.clear();
            }
        });
    }

    fn tell(self, desk: Desk, pace: StoredValue<Pace>) {
        let Some(waiting) = pace.try_update_value(|pace| pace.take(wall_millis())) else { return };
        let model = desk.model();
        let view = desk.tools.view.get_untracked();
        // Some may have found a carrier meanwhile.
        let still_needs =
            |load: &LoadId| model.needs_carrier(*load) && model.passes(*load, &view.filter, desk.viewer.id);
        let loads: Vec<LoadCard> = waiting
            .into_iter()
            .filter(still_needs)
            .filter_map(|load| Some(model.signals(load)?.card.get_untracked()))
            .collect();
        let Some((title, text)) = pace::words(&loads, desk.clock().glance()) else { return };
        if self.sound.get_untracked() {
            means::chime();
        }
        if untrack(move || self.notifies()) {
            means::notify(&title, &text, &loads[0].id.to_string());
        }
        desk.said.set(format!("{title}: {text}"));
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn stored(key: &str) -> bool {
    storage().and_then(|storage| storage.get_item(key).ok().flatten()).is_some_and(|value| value == "on")
}

/// Storage that is full or forbidden only means that the choice is forgotten.
fn keep(key: &str, on: bool) {
    let _ = storage().map(|storage| if on { storage.set_item(key, "on") } else { storage.remove_item(key) });
}
