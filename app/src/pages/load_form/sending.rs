//! Sending the form: booking a load, saving what was changed of one, and what comes of it.

use super::{
    desk::{Conflict, FormDesk, Refused, focus, standing},
    difference::differences,
    draft::LoadDraft,
    keep,
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
        let answer = self.errand.call(read.into_booking());
        let (name, sent) = (self.name.get_value(), self.draft.get_untracked());
        spawn_local(async move {
            let answer = answer.await;
            if let Ok(booked) = &answer {
                // Whoever has left the form and kept the draft must not find it there again.
                keep::forget_sent(&name, &sent);
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
        let answer = self.errand.call(PatchLoad { id, patch });
        let (name, sent) = (self.name.get_value(), self.draft.get_untracked());
        let answer = answer.await;
        if answer.is_ok() {
            keep::forget_sent(&name, &sent);
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
