//! The sending of what a dialog has gathered: once at a time, and with what came of it.

use super::{host::SharedHost, refusal::not_done};
use crate::{
    api::{ApiError, Errand, ErrorCode, call, loads::GetLoad},
    components::toast::{Toasts, use_toasts},
    domain::{load::LoadCard, status::LoadStatus},
    pages::layout::is_over,
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin};

/// A request on its way, whatever it asks for.
pub(super) type Answer = Pin<Box<dyn Future<Output = Result<LoadCard, ApiError>>>>;

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trouble {
    pub message: String,
    /// The load as it is now, where somebody else has changed it.
    pub newer: Option<Box<LoadCard>>,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    Ready,
    /// `aside`: the page shows that it is under way, the dialog is not to be seen.
    UnderWay {
        aside: bool,
    },
    Refused(Box<Trouble>),
}

/// Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    state: RwSignal<State>,
    /// Sends what the dialog asks for, so that it is done once however often it is sent.
    pub errand: Errand,
    pub toasts: Toasts,
}

/// What is sent: of which load, where it leads to, and what is said once it is done.
pub(super) struct Change {
    pub card: LoadCard,
    pub to: Option<LoadStatus>,
    pub done: String,
    pub request: Answer,
}

impl Sending {
    pub fn new() -> Self {
        Self { state: RwSignal::new(State::Ready), errand: Errand::new(), toasts: use_toasts() }
    }

    pub fn is_under_way(self) -> bool {
        self.state.with(|state| matches!(state, State::UnderWay { .. }))
    }

    /// Whether the dialog is to be seen.
    pub fn is_shown(self) -> Signal<bool> {
        Signal::derive(move || self.state.with(|state| !matches!(state, State::UnderWay { aside: true })))
    }

    /// Begins. `false`: it has begun already.
    pub fn begin(self) -> bool {
        let is_under_way = self.state.with_untracked(|state| matches!(state, State::UnderWay { .. }));
        if !is_under_way {
            self.state.set(State::UnderWay { aside: false });
        }
        !is_under_way
    }

    /// Ends with a refusal. `false`: the dialog is gone.
    pub fn refuse(self, trouble: Trouble) -> bool {
        self.state.try_set(State::Refused(Box::new(trouble))).is_none()
    }

    /// Nothing is in the way any more.
    pub fn clear(self) {
        self.state.set(State::Ready);
    }

    /// Sends a change of one load, unless one is under way.
    pub fn send(self, host: SharedHost, change: Change) {
        let Change { card, to, done, request } = change;
        let what = match to {
            Some(to) => format!("{} was not moved to {to}", card.load_number),
            None => format!("{} was not changed", card.load_number),
        };
        if let Some(message) = host.refusal(&what) {
            self.refuse(Trouble { message, newer: None });
            return;
        }
        if !self.begin() {
            return;
        }
        let aside = host.sent(&card, to);
        if aside {
            self.state.set(State::UnderWay { aside });
        }
        spawn_local(async move {
            match request.await {
                Ok(answer) => {
                    // First the new card, then the end of the move, so that the old one never shows in between.
                    host.learned(answer.clone());
                    self.settle(&host, &card, aside);
                    if !host.tell(&card, &answer, &done) {
                        self.toasts.notice(done);
                    }
                    match self.state.try_get_untracked() {
                        // Somebody has closed it; what is open now is another.
                        None => {}
                        Some(_) if aside => host.dismiss(),
                        Some(_) => host.close(),
                    }
                }
                Err(error) => self.explain(&host, &card, &error, aside).await,
            }
        });
    }

    fn settle(self, host: &SharedHost, card: &LoadCard, aside: bool) {
        if aside {
            host.answered(card.id);
        }
    }

    async fn explain(self, host: &SharedHost, card: &LoadCard, error: &ApiError, aside: bool) {
        if is_over(error) {
            leave_for_login();
            return;
        }
        let message = not_done(error, card, host.now());
        let mut newer = None;
        if error.code == ErrorCode::Conflict
            && let Ok(answer) = call(GetLoad(card.id)).await
        {
            host.learned(answer.data.card.clone());
            newer = Some(Box::new(answer.data.card));
        }
        self.settle(host, card, aside);
        let is_shown = self.refuse(Trouble { message: message.clone(), newer });
        if aside || !is_shown {
            self.toasts.refusal(message);
        }
    }

    /// The refusal inside the dialog. Where somebody else has changed the load, `on_newer` may go on with it as it is.
    pub fn trouble(self, on_newer: Callback<LoadCard>) -> AnyView {
        let content = move || match self.state.get() {
            State::Refused(trouble) => {
                let Trouble { message, newer } = *trouble;
                let go_on = newer.map(|card| {
                    let take = move |_| {
                        self.clear();
                        on_newer.run(LoadCard::clone(&card));
                    };
                    view! {
                        <button type="button" class="button button-small" on:click=take>
                            "Go on with it as it is now"
                        </button>
                    }
                });
                view! { <div class="dialog-trouble">{message} {go_on}</div> }.into_any()
            }
            _ => ().into_any(),
        };
        view! { <div role="alert">{content}</div> }.into_any()
    }

    /// The button that sends: it says so while it does, and takes no second press. With `at_once` it has the focus when
    /// the dialog opens.
    pub fn button(self, words: Signal<String>, at_once: bool) -> AnyView {
        view! {
            <button
                type="submit"
                class="button button-primary"
                autofocus=at_once
                aria-disabled=move || self.is_under_way().then_some("true")
                data-busy=move || self.is_under_way().then_some("")
            >
                {words}
            </button>
        }
        .into_any()
    }
}
