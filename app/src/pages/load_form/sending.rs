//! Sending the form: booking a load, saving what was changed of one, and what comes of it.

use super::{
    desk::{Conflict, FormDesk, Refused, focus, standing},
    difference::differences,
    draft::LoadDraft,
    keep::{self, Kept},
    places::{LoadWithPlaces, load_with_places},
    reading,
    refusal::problem_of,
};
use crate::{
    api::{
        ApiError, ErrorCode,
        loads::{LoadPatch, PatchLoad},
    },
    domain::load::Load,
    pages::layout::is_over,
};
use leptos::{prelude::*, task::spawn_local};

impl FormDesk {
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
        let (name, sent) = (self.name.get_value(), self.draft.get_untracked());
        let answer = self.errand.call(read.into_booking());
        spawn_local(async move {
            let answer = answer.await;
            if let Ok(booked) = &answer {
                let card = &booked.data.card;
                let text = format!("{} was booked for {}.", card.load_number, card.customer);
                self.toasts.notice_with_link(text, "Open it", format!("/loads/{}", card.id));
            }
            if self.sending.try_set(false).is_some() {
                // The form was left meanwhile; the toast has said the rest. Whoever has kept the draft must not find
                // there what is booked.
                if let Ok(booked) = answer {
                    keep::store_sent(&name, &self.edit_name(booked.data.card.id), &sent, &booked.data);
                }
                return;
            }
            match answer {
                Ok(booked) => self.is_booked(another, &sent, &booked.data),
                Err(error) => self.refuse(error),
            }
        });
    }

    fn is_booked(self, another: bool, sent: &LoadDraft, load: &Load) {
        let typed = self.draft.get_untracked();
        let (kept, is_changed) = Kept::on_top_of(load, sent, &typed);
        let empty = LoadDraft::default();
        // What was typed meanwhile belongs to the next load, or to the one that is booked.
        let next = if another { typed.on_top_of(&empty, sent) } else { empty.clone() };
        keep::forget(&self.name.get_value());
        self.restored.set(false);
        self.tried.set(false);
        self.base.set(empty);
        self.draft.set(next);
        match (another, is_changed) {
            (true, true) => {}
            (true, false) => focus("customer"),
            (false, true) => {
                keep::keep(&self.edit_name(load.card.id), &kept);
                self.tell_unsaved(load);
                self.go(&format!("/loads/{}/edit", load.card.id));
            }
            (false, false) => self.go("/dispatch"),
        }
    }

    /// What was typed while a load was on its way is not stored with it.
    fn tell_unsaved(self, load: &Load) {
        self.toasts.notice(format!("{}: what you typed meanwhile is not saved yet.", load.card.load_number));
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
        let (name, sent) = (self.name.get_value(), self.draft.get_untracked());
        spawn_local(async move { self.send(load, patch, &sent, &name).await });
    }

    async fn send(self, load: Load, patch: LoadPatch, sent: &LoadDraft, name: &str) {
        let address = &format!("/loads/{}", load.card.id);
        let (id, number) = (load.card.id, &load.card.load_number);
        let answer = self.errand.call(PatchLoad { id, patch }).await;
        if answer.is_ok() {
            self.toasts.notice_with_link(format!("{number} was saved."), "Open it", address);
        }
        let theirs = match &answer {
            Err(error) if error.code == ErrorCode::Conflict => Some(load_with_places(id).await),
            _ => None,
        };
        if self.sending.try_set(false).is_some() {
            // Whoever has left the form and kept the draft must not find there what is saved.
            if let Ok(saved) = answer {
                keep::store_sent(name, name, sent, &saved.data);
            }
            return;
        }
        match (answer, theirs) {
            (Ok(saved), _) => self.is_saved(sent, saved.data, address),
            (Err(error), Some(Ok(theirs))) => self.ask_whose(error, theirs),
            (Err(_), Some(Err(error))) | (Err(error), None) => self.refuse(error),
        }
    }

    /// The form is left, unless something was typed meanwhile: that stays, as a change of what is saved.
    fn is_saved(self, sent: &LoadDraft, load: Load, address: &str) {
        let (kept, is_changed) = Kept::on_top_of(&load, sent, &self.draft.get_untracked());
        self.tried.set(false);
        self.base.set(kept.base);
        self.draft.set(kept.draft);
        if is_changed {
            self.tell_unsaved(&load);
            self.load.set(Some(load));
        } else {
            keep::forget(&self.name.get_value());
            self.go(address);
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
