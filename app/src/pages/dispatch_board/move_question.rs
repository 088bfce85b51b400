//! What is asked before a move: a yes before a truck is sent or a tender taken, a reason for a step back.

use super::desk::{Desk, Overlay, Question};
use crate::{
    components::{dialog::Dialog, relative_time::appointment},
    domain::{
        load::LoadCard,
        status::{LoadStatus, Step},
        time::Timestamp,
    },
    pages::load_dialogs::{DispatchDialog, ReasonDialog, ReasonWords},
};
use leptos::prelude::*;

#[component]
pub fn MoveQuestion(desk: Desk) -> impl IntoView {
    move || match desk.overlay.get() {
        Some(Overlay::Question(question)) => Some(dialog(desk, *question)),
        _ => None,
    }
}

fn dialog(desk: Desk, question: Question) -> AnyView {
    let Question { card, to, explain } = question;
    let load = card.id;
    let close = Callback::new(move |()| {
        desk.overlay.set(None);
        desk.focus(load);
    });
    match explain {
        Some(step) => {
            let words = request(&card, to, step);
            let give = move |reason| {
                close.run(());
                desk.send(&card, to, Some(reason));
            };
            view! { <ReasonDialog words on_give=give on_close=close /> }.into_any()
        }
        None if to == LoadStatus::Dispatched => view! { <DispatchDialog card host=desk.host(load) /> }.into_any(),
        None => {
            let seen = card.clone();
            let confirm = move |()| {
                close.run(());
                desk.send(&seen, to, None);
            };
            view! { <AcceptDialog card now=desk.clock().glance() on_yes=confirm on_close=close /> }.into_any()
        }
    }
}

/// Asks before the tender of a load is noted as accepted.
#[component]
pub(in crate::pages) fn AcceptDialog(
    card: LoadCard,
    now: Timestamp,
    #[prop(into)] on_yes: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let (title, text) = confirmation(&card, now);
    view! {
        <Dialog title on_close>
            <p class="dialog-text">{text}</p>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| on_close.run(())>
                    "Not yet"
                </button>
                <button type="button" class="button button-primary" autofocus on:click=move |_| on_yes.run(())>
                    "Accept the tender"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Title and text of the confirmation that a carrier has accepted.
fn confirmation(card: &LoadCard, now: Timestamp) -> (String, String) {
    let carrier = card.carrier.as_ref().map_or("The carrier", |carrier| &carrier.name);
    let driver = card.driver.as_ref().map(|driver| format!(" with {}", driver.name)).unwrap_or_default();
    let trip = format!("{} to {}, pickup {}.", card.origin, card.destination, appointment(&card.pickup, now));
    (format!("Accept the tender of {}?", card.load_number), format!("{carrier} takes the load{driver}. {trip}"))
}

/// The words in which a reason is asked for.
pub(in crate::pages) fn request(card: &LoadCard, to: LoadStatus, step: Step) -> ReasonWords {
    const AUDITED: &str = "The reason is kept with the load and in the audit trail.";
    let number = &card.load_number;
    let keep = format!("Keep {}", card.status.label());
    match step {
        Step::Cancel => ReasonWords {
            title: format!("Cancel {number}?"),
            text: AUDITED,
            yes: "Cancel the load".into(),
            no: "Keep the load".into(),
        },
        Step::Decline => ReasonWords {
            title: format!("Decline the tender of {number}?"),
            text: "The load goes back to the broker with the reason.",
            yes: "Decline the tender".into(),
            no: "Keep the tender".into(),
        },
        Step::Reopen => {
            ReasonWords { title: format!("Reopen {number}?"), text: AUDITED, yes: "Reopen the load".into(), no: keep }
        }
        Step::Revert | Step::Forward => ReasonWords {
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
    fn an_acceptance_is_confirmed_knowing_who_drives_what_where() {
        let (title, text) = confirmation(&card_in(1, LoadStatus::Tendered), NOW);
        assert_eq!(title, "Accept the tender of LD-202611-00001?");
        assert_eq!(
            text,
            "Swift Haul takes the load with Carlos Ruiz. Joliet, IL to Dallas, TX, pickup Tomorrow 08:05–10:05 CST."
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
