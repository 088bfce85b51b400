//! What is asked before a move: a yes before a truck is sent, a reason for a step back.

use super::desk::{Desk, Overlay, Question};
use crate::{
    components::{dialog::Dialog, relative_time::appointment},
    domain::{
        load::LoadCard,
        status::{LoadStatus, Step},
        time::Timestamp,
    },
};
use leptos::{html, prelude::*};

/// The longest reason that the API takes, in characters.
const LONGEST: usize = 500;

#[component]
pub fn MoveQuestion(desk: Desk) -> impl IntoView {
    move || match desk.overlay.get() {
        Some(Overlay::Question(question)) => Some(dialog(desk, question)),
        _ => None,
    }
}

fn dialog(desk: Desk, question: Question) -> AnyView {
    let load = question.card.id;
    let close = move |()| {
        desk.overlay.set(None);
        desk.focus(load);
    };
    match question.explain {
        Some(step) => reason_dialog(desk, question, step, Callback::new(close)),
        None => confirm_dialog(desk, question, Callback::new(close)),
    }
}

fn confirm_dialog(desk: Desk, Question { card, to, .. }: Question, close: Callback<()>) -> AnyView {
    let (title, text, yes) = confirmation(&card, to, desk.clock().glance());
    let confirm = move |_| {
        close.run(());
        desk.send(&card, to, None);
    };
    view! {
        <Dialog title on_close=close>
            <p class="dialog-text">{text}</p>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| close.run(())>
                    "Not yet"
                </button>
                <button type="button" class="button button-primary" autofocus on:click=confirm>
                    {yes}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn reason_dialog(desk: Desk, Question { card, to, .. }: Question, step: Step, close: Callback<()>) -> AnyView {
    let words = request(&card, to, step);
    let reason = RwSignal::new(String::new());
    let input = NodeRef::<html::Textarea>::new();
    let missing = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let given = reason.get_untracked().trim().to_owned();
        if given.is_empty() {
            missing.set(true);
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
            return;
        }
        close.run(());
        desk.send(&card, to, Some(given));
    };
    let error = move || missing.get() && reason.with(|reason| reason.trim().is_empty());
    view! {
        <Dialog title=words.title on_close=close>
            <p class="dialog-text">{words.text}</p>
            <form on:submit=submit novalidate>
                <label class="field">
                    <span class="field-label">"Reason"</span>
                    <textarea
                        class="input"
                        node_ref=input
                        name="reason"
                        rows="3"
                        required
                        autofocus
                        maxlength=LONGEST.to_string()
                        aria-invalid=move || error().then_some("true")
                        aria-describedby="reason-note"
                        on:input=move |event| reason.set(event_target_value(&event))
                    ></textarea>
                </label>
                <p id="reason-note" class="field-note" data-error=move || error().then_some("")>
                    {move || {
                        if error() {
                            "Write a reason first.".to_owned()
                        } else {
                            let used = reason.with(|reason| reason.encode_utf16().count());
                            format!("{used} of {LONGEST} characters")
                        }
                    }}
                </p>
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| close.run(())>
                        {words.no}
                    </button>
                    <button type="submit" class="button button-primary">
                        {words.yes}
                    </button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Title, text and button of the confirmation of a step towards the road.
fn confirmation(card: &LoadCard, to: LoadStatus, now: Timestamp) -> (String, String, &'static str) {
    let carrier = card.carrier.as_ref().map_or("The carrier", |carrier| &carrier.name);
    let driver = card.driver.as_ref().map(|driver| format!(" with {}", driver.name)).unwrap_or_default();
    let trip = format!("{} to {}, pickup {}.", card.origin, card.destination, appointment(&card.pickup, now));
    if to == LoadStatus::Accepted {
        let title = format!("Accept the tender of {}?", card.load_number);
        return (title, format!("{carrier} takes the load{driver}. {trip}"), "Accept the tender");
    }
    (format!("Dispatch {}?", card.load_number), format!("{carrier} is sent{driver}. {trip}"), "Dispatch")
}

struct Request {
    title: String,
    text: &'static str,
    yes: String,
    no: String,
}

/// The words in which a reason is asked for.
fn request(card: &LoadCard, to: LoadStatus, step: Step) -> Request {
    const AUDITED: &str = "The reason is kept with the load and in the audit trail.";
    let number = &card.load_number;
    let keep = format!("Keep {}", card.status.label());
    match step {
        Step::Cancel => Request {
            title: format!("Cancel {number}?"),
            text: AUDITED,
            yes: "Cancel the load".into(),
            no: "Keep the load".into(),
        },
        Step::Decline => Request {
            title: format!("Decline the tender of {number}?"),
            text: "The load goes back to the broker with the reason.",
            yes: "Decline the tender".into(),
            no: "Keep the tender".into(),
        },
        Step::Reopen => {
            Request { title: format!("Reopen {number}?"), text: AUDITED, yes: "Reopen the load".into(), no: keep }
        }
        Step::Revert | Step::Forward => Request {
            title: format!("Move {number} back to {to}?"),
            text: AUDITED,
            yes: format!("Move back to {to}"),
            no: keep,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card_in};

    #[test]
    fn a_dispatch_is_confirmed_knowing_who_drives_what_where() {
        let (title, text, yes) = confirmation(&card_in(1, LoadStatus::Accepted), LoadStatus::Dispatched, NOW);
        assert_eq!((title.as_str(), yes), ("Dispatch LD-202611-00001?", "Dispatch"));
        assert_eq!(
            text,
            "Swift Haul is sent with Carlos Ruiz. Joliet, IL to Dallas, TX, pickup Tomorrow 08:05–10:05 CST."
        );
    }

    #[test]
    fn buttons_name_what_they_do() {
        let card = card_in(1, LoadStatus::Tendered);
        let back = request(&card, LoadStatus::Pending, Step::Revert);
        assert_eq!((back.yes.as_str(), back.no.as_str()), ("Move back to Pending", "Keep Tendered"));
        assert_eq!(request(&card, LoadStatus::Cancelled, Step::Cancel).no, "Keep the load");
    }
}
