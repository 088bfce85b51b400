//! The form at work: what is typed, what is wrong with it, and sending it.

use super::{
    difference::{Difference, differences},
    draft::{LoadDraft, StopDraft, StopText, Text},
    keep::{self, Kept},
    places::{LoadWithPlaces, load_with_places},
    reading::{self, Problem},
    refusal::problem_of,
};
use crate::{
    api::{
        ApiError, ErrorCode,
        auth::User,
        call,
        loads::{LoadPatch, PatchLoad},
    },
    components::toast::{Toasts, use_toasts},
    domain::{load::Load, role::Permission, status::LoadStatus},
    pages::layout::is_over,
};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};
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
struct Refused {
    problem: Problem,
    seen: String,
}

/// Everything that the parts of the form share. Copied freely; it lives as long as the form is shown.
#[derive(Clone, Copy)]
pub struct FormDesk {
    pub draft: RwSignal<LoadDraft>,
    /// What the draft began with.
    base: RwSignal<LoadDraft>,
    /// The load that is changed; `None` for a new one.
    pub load: RwSignal<Option<Load>>,
    /// Rates are this person's to set.
    pub sees_money: bool,
    /// What is wrong, once a person has tried to send it.
    pub problems: Memo<Vec<Problem>>,
    tried: RwSignal<bool>,
    refused: RwSignal<Vec<Refused>>,
    pub sending: RwSignal<bool>,
    pub conflict: RwSignal<Option<Conflict>>,
    /// Where a person is about to go with unsaved changes.
    pub leaving: RwSignal<Option<String>>,
    /// What was typed before was found in the tab.
    pub restored: RwSignal<bool>,
    /// Nobody has agreed to the load yet, so its stops and its carrier are free.
    pub free: Memo<bool>,
    dirty: Memo<bool>,
    rested: StoredValue<bool>,
    name: StoredValue<String>,
    go: StoredValue<Go>,
    toasts: Toasts,
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
            conflict: RwSignal::new(None),
            leaving: RwSignal::new(None),
            restored: RwSignal::new(false),
            dirty: Memo::new(move |_| draft.with(|draft| base.with(|base| !draft.changed_fields(base).is_empty()))),
            free: Memo::new(move |_| {
                load.with(|load| load.as_ref().is_none_or(|load| load.card.status <= LoadStatus::Pending))
            }),
            rested: StoredValue::new(false),
            name: StoredValue::new(format!("headhaul:load-form:{}:{name}", user.id)),
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
            let kept = self.base.with(|base| Kept { draft, base: base.clone(), version: self.version() });
            if self.dirty.get() {
                keep::keep(&name, &kept);
            } else {
                keep::forget(&name);
            }
        });
    }

    fn recall(self, Kept { draft, base, version }: Kept) {
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

    /// Reads the form; where something is wrong says so, and leads there.
    fn read(self) -> Option<reading::Read> {
        self.refused.set(Vec::new());
        self.tried.set(true);
        let read = self.draft.with_untracked(|draft| reading::read(draft, self.sees_money)).ok();
        if !self.problems.with_untracked(Vec::is_empty) {
            self.lead_to_problem();
            return None;
        }
        read
    }

    /// Books the load; with `another` the form is empty afterwards, for the next.
    pub fn book(self, another: bool) {
        if self.sending.get_untracked() {
            return;
        }
        let Some(read) = self.read() else { return };
        self.sending.set(true);
        spawn_local(async move {
            let answer = call(read.into_booking()).await;
            if let Ok(booked) = &answer {
                let card = &booked.data.card;
                let text = format!("{} was booked for {}.", card.load_number, card.customer);
                self.toasts.notice_with_link(text, "Open it", format!("/loads/{}", card.id));
            }
            if self.sending.try_set(false).is_some() {
                // The form was left meanwhile; the toast has said the rest.
                return;
            }
            match answer {
                Ok(_) => self.is_booked(another),
                Err(error) => self.refuse(error),
            }
        });
    }

    fn is_booked(self, another: bool) {
        keep::forget(&self.name.get_value());
        let empty = LoadDraft::default();
        self.restored.set(false);
        self.tried.set(false);
        self.base.set(empty.clone());
        self.draft.set(empty);
        if another { focus("customer") } else { self.go("/dispatch") }
    }

    /// Sends what was changed of the load.
    pub fn save(self) {
        if self.sending.get_untracked() {
            return;
        }
        let (Some(read), Some(load)) = (self.read(), self.load.get_untracked()) else { return };
        let address = format!("/loads/{}", load.card.id);
        let patch = self
            .draft
            .with_untracked(|draft| self.base.with_untracked(|base| read.into_patch(draft, base, load.card.version)));
        let Some(patch) = patch else {
            self.toasts.notice(format!("Nothing of {} was changed.", load.card.load_number));
            self.go(&address);
            return;
        };
        self.sending.set(true);
        spawn_local(async move { self.send(load, patch, &address).await });
    }

    async fn send(self, load: Load, patch: LoadPatch, address: &str) {
        let (id, number) = (load.card.id, &load.card.load_number);
        let answer = call(PatchLoad { id, patch }).await;
        if answer.is_ok() {
            self.toasts.notice_with_link(format!("{number} was saved."), "Open it", address);
        }
        let theirs = match &answer {
            Err(error) if error.code == ErrorCode::Conflict => Some(load_with_places(id).await),
            _ => None,
        };
        if self.sending.try_set(false).is_some() {
            return;
        }
        match (answer, theirs) {
            (Ok(_), _) => {
                keep::forget(&self.name.get_value());
                self.base.set(self.draft.get_untracked());
                self.go(address);
            }
            (Err(error), Some(Ok(theirs))) => self.ask_whose(error, theirs),
            (Err(_), Some(Err(error))) | (Err(error), None) => self.refuse(error),
        }
    }

    fn ask_whose(self, error: ApiError, theirs: LoadWithPlaces) {
        let there = LoadDraft::of_load(&theirs.load, &theirs.places);
        let differences =
            self.base.with_untracked(|base| self.draft.with_untracked(|mine| differences(base, &there, mine)));
        self.conflict.set(Some(Conflict { message: error.message, theirs, differences }));
    }

    /// Their version is what the form shows; what was typed here is given up.
    pub fn take_theirs(self, LoadWithPlaces { load, places }: LoadWithPlaces) {
        let there = LoadDraft::of_load(&load, &places);
        self.load.set(Some(load));
        self.base.set(there);
        self.give_up();
    }

    /// What was typed here, on top of their version; it is sent at once, as it was before.
    pub fn put_on_top(self, LoadWithPlaces { load, places }: LoadWithPlaces) {
        let there = LoadDraft::of_load(&load, &places);
        let merged = self.draft.with_untracked(|mine| self.base.with_untracked(|base| mine.on_top_of(&there, base)));
        self.load.set(Some(load));
        self.base.set(there);
        self.draft.set(merged);
        self.save();
    }

    fn refuse(self, error: ApiError) {
        let mut problem = problem_of(&error);
        if is_over(&error) {
            problem.message =
                "Your session has ended. Log in again, in another tab or here: what you typed is kept.".into();
        }
        let seen = self.draft.with_untracked(|draft| standing(draft, &problem.field));
        self.refused.set(vec![Refused { problem, seen }]);
        self.lead_to_problem();
    }

    /// Gives the focus to the first field that something is wrong with.
    fn lead_to_problem(self) {
        let first = self.problems.with_untracked(|all| all.first().map(|it| it.field.clone()));
        if let Some(field) = first {
            focus(if field.is_empty() { "form-problems" } else { &field });
        }
    }
}

/// What stands in a field, as one text.
fn standing(draft: &LoadDraft, field: &str) -> String {
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
