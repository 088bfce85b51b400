//! The form at work: what is typed, what is wrong with it, and what else is open on it. `sending` sends it.

use super::{
    difference::Difference,
    draft::{LoadDraft, StopDraft, StopText, Text},
    keep::{self, Kept},
    places::LoadWithPlaces,
    reading::{self, Problem},
};
use crate::{
    api::{Errand, auth::User},
    components::toast::{Toasts, use_toasts},
    domain::{
        id::{LoadId, UserId},
        load::Load,
        role::Permission,
        status::LoadStatus,
    },
};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// Somebody else was first.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Who, and that nothing was applied.
    pub message: String,
    pub theirs: LoadWithPlaces,
    pub differences: Vec<Difference>,
}

/// What the server refused, and what stood in the field then: it is said until that changes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refused {
    pub problem: Problem,
    pub seen: String,
}

/// Everything that the parts of the form share. Copied freely; it lives as long as the form is shown.
#[derive(Clone, Copy)]
pub struct FormDesk {
    pub draft: RwSignal<LoadDraft>,
    /// What the draft began with.
    pub(super) base: RwSignal<LoadDraft>,
    /// The load that is changed; `None` for a new one.
    pub load: RwSignal<Option<Load>>,
    /// Rates are this person's to set.
    pub sees_money: bool,
    /// What is wrong, once a person has tried to send it.
    pub problems: Memo<Vec<Problem>>,
    pub(super) tried: RwSignal<bool>,
    pub(super) refused: RwSignal<Vec<Refused>>,
    pub sending: RwSignal<bool>,
    pub(super) errand: Errand,
    pub conflict: RwSignal<Option<Conflict>>,
    /// Where a person is about to go with unsaved changes.
    pub leaving: RwSignal<Option<String>>,
    /// What was typed before was found in the tab.
    pub restored: RwSignal<bool>,
    /// Nobody has agreed to the load yet, so its stops and its carrier are free.
    pub free: Memo<bool>,
    dirty: Memo<bool>,
    rested: StoredValue<bool>,
    user: UserId,
    pub(super) name: StoredValue<String>,
    go: StoredValue<Go>,
    pub(super) toasts: Toasts,
}

impl FormDesk {
    /// `name` is what the draft is kept under, `start` what the form begins with.
    pub fn new(user: &User, name: &str, start: LoadDraft, load: Option<Load>) -> Self {
        let sees_money = user.permissions.contains(&Permission::FinanceView);
        let (draft, base) = (RwSignal::new(start.clone()), RwSignal::new(start));
        let (load, tried) = (RwSignal::new(load), RwSignal::new(false));
        let refused = RwSignal::new(Vec::<Refused>::new());
        let problems = Memo::new(move |_| {
            draft.with(|draft| {
                let mut found = Vec::new();
                if tried.get() {
                    found = reading::read(draft, sees_money).err().unwrap_or_default();
                    if load.with(Option::is_some) {
                        found.extend(base.with(|base| reading::check_kept(draft, base)));
                    }
                }
                refused.with(|refused| {
                    let stands = |it: &&Refused| standing(draft, &it.problem.field) == it.seen;
                    found.extend(refused.iter().filter(stands).map(|it| it.problem.clone()));
                });
                found
            })
        });
        let navigate = use_navigate();
        let go: Go = Arc::new(move |address| navigate(address, NavigateOptions::default()));
        Self {
            draft,
            base,
            load,
            sees_money,
            problems,
            tried,
            refused,
            sending: RwSignal::new(false),
            errand: Errand::new(),
            conflict: RwSignal::new(None),
            leaving: RwSignal::new(None),
            restored: RwSignal::new(false),
            dirty: Memo::new(move |_| draft.with(|draft| base.with(|base| !draft.changed_fields(base).is_empty()))),
            free: Memo::new(move |_| {
                load.with(|load| load.as_ref().is_none_or(|load| load.card.status <= LoadStatus::Pending))
            }),
            rested: StoredValue::new(false),
            user: user.id,
            name: StoredValue::new(kept_as(user.id, name)),
            go: StoredValue::new(go),
            toasts: use_toasts(),
        }
    }

    /// Finds what was left in the tab, and keeps what is typed from now on.
    pub fn keep_draft(self) {
        let name = self.name.get_value();
        Effect::new(move |before: Option<()>| {
            if before.is_none()
                && let Some(kept) = keep::recall(&name)
            {
                self.recall(kept);
            }
            let draft = self.draft.get();
            let (base, version, unanswered) = (self.base.get(), self.version(), self.errand.unanswered());
            let kept = Kept { draft, base, version, unanswered };
            if self.dirty.get() {
                keep::keep(&name, &kept);
            } else {
                keep::forget(&name);
            }
        });
    }

    fn recall(self, Kept { draft, base, version, unanswered }: Kept) {
        self.errand.take_up(unanswered);
        self.base.set(base);
        self.load.update(|load| {
            if let Some(load) = load {
                // Whoever changed it meanwhile is named when this is sent.
                load.card.version = version;
            }
        });
        self.draft.set(draft);
        self.restored.set(true);
    }

    /// What a change of a load is kept under.
    pub(super) fn edit_name(self, load: LoadId) -> String {
        kept_as(self.user, &edit_name(load))
    }

    pub fn is_dirty(self) -> bool {
        !self.rested.try_get_value().unwrap_or(true) && self.dirty.try_get_untracked().unwrap_or(false)
    }

    /// The form is about to be left, and the person has said so: nobody is asked any more.
    pub fn rest(self) {
        self.rested.set_value(true);
    }

    /// Back to what the form began with.
    pub fn give_up(self) {
        keep::forget(&self.name.get_value());
        self.draft.set(self.base.get_untracked());
        self.restored.set(false);
        self.tried.set(false);
        self.refused.set(Vec::new());
    }

    pub fn go(self, address: &str) {
        self.go.get_value()(address);
    }

    fn version(self) -> i64 {
        self.load.with_untracked(|load| load.as_ref().map_or(0, |load| load.card.version))
    }

    pub fn is_new(self) -> bool {
        self.load.with_untracked(Option::is_none)
    }

    /// What is wrong with the field of this id.
    pub fn problem(self, field: impl Into<String>) -> Signal<Option<String>> {
        let field = field.into();
        let problems = self.problems;
        Signal::derive(move || {
            problems.with(|all| all.iter().find(|it| it.field == field).map(|it| it.message.clone()))
        })
    }

    pub fn text(self, text: Text) -> Signal<String> {
        let draft = self.draft;
        Signal::derive(move || draft.with(|draft| draft.text(text).clone()))
    }

    pub fn set_text(self, text: Text, value: String) {
        self.draft.update(|draft| draft.set_text(text, value));
    }

    pub fn stop_text(self, key: u32, text: StopText) -> Signal<String> {
        self.of_stop(key, move |stop| stop.text(text).clone())
    }

    pub fn set_stop_text(self, key: u32, text: StopText, value: String) {
        self.change_stop(key, |stop| stop.set_text(text, value));
    }

    /// Something of a stop; its default once the stop is gone.
    pub fn of_stop<T: Default + Send + Sync + 'static>(
        self,
        key: u32,
        read: impl Fn(&StopDraft) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        let draft = self.draft;
        Signal::derive(move || draft.with(|draft| draft.stop(key).map(&read)).unwrap_or_default())
    }

    pub fn change_stop(self, key: u32, change: impl FnOnce(&mut StopDraft)) {
        self.draft.update(|draft| {
            if let Some(stop) = draft.stop_mut(key) {
                change(stop);
            }
        });
    }
}

fn kept_as(user: UserId, name: &str) -> String {
    format!("headhaul:load-form:{user}:{name}")
}

/// What the draft of a change of this load is called.
pub fn edit_name(load: LoadId) -> String {
    format!("edit:{load}")
}

/// What stands in a field, as one text.
pub(super) fn standing(draft: &LoadDraft, field: &str) -> String {
    let name = match field {
        "" => return String::new(),
        "carrier-cost" => "carrierCost",
        "carrier" => "carrierText",
        field if field.starts_with("stop") => "stops",
        field => field,
    };
    draft.fields().into_iter().find(|(known, _)| known == name).map(|(_, value)| value.to_string()).unwrap_or_default()
}

/// Gives an element the focus, once what is about to be shown is.
pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
