//! Toasts: short messages about what happened, read aloud, that leave by themselves or when dismissed.

use crate::components::icon::{Icon, icon};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::{sync::Arc, time::Duration};

/// How long a toast stays, unless somebody points at it or is in it.
const STAYS: Duration = Duration::from_secs(7);
/// Older ones make room.
const AT_ONCE: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done: read when the screen reader is idle.
    Notice,
    /// Something was not done: read at once.
    Refusal,
}

/// What a person may do about what a toast says. It is done once; the toast leaves with it.
#[derive(Clone)]
pub struct Offer {
    pub label: String,
    pub run: Arc<dyn Fn() + Send + Sync>,
}

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
    aside: Option<Aside>,
    /// What it is about; of several about one thing the last stays.
    about: Option<String>,
}

/// What stands beside the text.
#[derive(Clone)]
enum Aside {
    /// Something to do about it.
    Offer(Offer),
    /// The way to what it is about.
    Link { words: String, address: String },
}

/// The way to show toasts. Kept by the app, so that a message outlives the page it came from.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

impl Toasts {
    fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), last: StoredValue::new(0) }
    }

    pub fn notice(self, text: impl Into<String>) {
        self.push(Tone::Notice, text.into(), None);
    }

    /// A notice with something to do about it, in place of an earlier one `about` the same.
    pub fn offer(self, about: impl Into<String>, text: impl Into<String>, offer: Offer) {
        let about = Some(about.into());
        self.list.try_update(|list| list.retain(|toast| toast.about != about));
        self.show(Tone::Notice, text.into(), Some(Aside::Offer(offer)), about);
    }

    /// With the way to what it is about: the words of the link and its address.
    pub fn notice_with_link(self, text: impl Into<String>, words: impl Into<String>, address: impl Into<String>) {
        self.push(Tone::Notice, text.into(), Some(Aside::Link { words: words.into(), address: address.into() }));
    }

    pub fn refusal(self, text: impl Into<String>) {
        self.push(Tone::Refusal, text.into(), None);
    }

    /// A refusal with something to do about it.
    pub fn refuse_and_offer(self, text: impl Into<String>, offer: Offer) {
        self.push(Tone::Refusal, text.into(), Some(Aside::Offer(offer)));
    }

    fn push(self, tone: Tone, text: String, aside: Option<Aside>) {
        self.show(tone, text, aside, None);
    }

    fn show(self, tone: Tone, text: String, aside: Option<Aside>, about: Option<String>) {
        let Some(id) = self.last.try_update_value(|last| {
            *last += 1;
            *last
        }) else {
            return;
        };
        self.list.try_update(|list| {
            list.push(Toast { id, tone, text, aside, about });
            let surplus = list.len().saturating_sub(AT_ONCE);
            list.drain(..surplus);
        });
    }

    fn dismiss(self, id: u32) {
        self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Makes toasts available to everything below.
pub fn provide_toasts() {
    provide_context(Toasts::new());
}

/// The toasts of the page. Outside of it they are shown nowhere, which is said in the console.
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(|| {
        leptos::logging::error!("use_toasts was called where no toasts are provided: its messages are shown nowhere");
        Toasts::new()
    })
}

/// Where toasts appear. Both regions are there from the start, since screen readers only follow regions that they know.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <section class="toasts" aria-label="Messages">
            <div class="toast-stack" aria-live="assertive" aria-relevant="additions">
                {toast_list(toasts, Tone::Refusal)}
            </div>
            <div class="toast-stack" aria-live="polite" aria-relevant="additions">
                {toast_list(toasts, Tone::Notice)}
            </div>
        </section>
    }
}

fn toast_list(toasts: Toasts, tone: Tone) -> AnyView {
    let each = move || toasts.list.get().into_iter().filter(|toast| toast.tone == tone).collect::<Vec<_>>();
    view! { <For each=each key=|toast| toast.id children=move |toast| toast_view(toasts, toast) /> }.into_any()
}

fn toast_view(toasts: Toasts, toast: Toast) -> AnyView {
    let id = toast.id;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    let start = move || {
        stop();
        timer.set_value(set_timeout_with_handle(move || toasts.dismiss(id), STAYS).ok());
    };
    Effect::new(move |_| start());
    on_cleanup(stop);
    let class = match toast.tone {
        Tone::Notice => "toast toast-notice",
        Tone::Refusal => "toast toast-refusal",
    };
    let (offer, link) = match toast.aside {
        Some(Aside::Offer(offer)) => (Some(offer), None),
        Some(Aside::Link { words, address }) => (None, Some((words, address))),
        None => (None, None),
    };
    let link = link.map(|(words, address)| view! { <a class="toast-link" href=address>{words}</a> });
    let offer = offer.map(|Offer { label, run }| {
        let on_click = move |_| {
            toasts.dismiss(id);
            run();
        };
        view! {
            <button type="button" class="button button-small toast-offer" on:click=on_click>
                {label}
            </button>
        }
    });
    view! {
        <div
            class=class
            data-toast
            on:mouseenter=move |_| stop()
            on:mouseleave=move |_| start()
            on:focusin=move |_| stop()
            on:focusout=move |_| start()
        >
            <p class="toast-text">{toast.text} {link}</p>
            {offer}
            <button type="button" class="icon-button" aria-label="Dismiss message" on:click=move |_| toasts.dismiss(id)>
                {icon(Icon::Close)}
            </button>
        </div>
    }
    .into_any()
}
