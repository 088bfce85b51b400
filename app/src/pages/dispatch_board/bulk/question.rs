//! What is asked once before a step of many loads: a yes, or a reason.

use super::Act;
use crate::{
    components::dialog::Dialog,
    domain::{
        load::LoadCard,
        status::{LoadStatus, Step},
    },
    pages::{
        dispatch_board::desk::{Desk, Overlay},
        load_dialogs::ReasonField,
    },
};
use leptos::prelude::*;

/// A step of many loads that is asked about first. The cards are as the person saw them.
#[derive(Debug, Clone, PartialEq)]
pub struct ManyQuestion {
    pub cards: Vec<LoadCard>,
    pub to: LoadStatus,
    /// The step that needs a reason; `None` where only a yes is needed.
    pub explain: Option<Step>,
    /// How many of them can take the step as they stand.
    pub able: usize,
}

#[component]
pub fn QuestionOfMany(desk: Desk) -> impl IntoView {
    move || match desk.overlay.get() {
        Some(Overlay::Many(question)) => Some(dialog(desk, question)),
        _ => None,
    }
}

fn dialog(desk: Desk, question: ManyQuestion) -> AnyView {
    let close = Callback::new(move |()| desk.close_overlay());
    let (title, text, yes) = words(&question);
    let ManyQuestion { cards, to, explain, .. } = question;
    let reason = ReasonField::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let given = match explain {
            Some(_) => match reason.given() {
                Some(given) => Some(given),
                None => return,
            },
            None => None,
        };
        // What is not begun leaves the question open, with what is written in it.
        if desk.start(cards.clone(), Act::step(to, given)) {
            close.run(());
        }
    };
    let field = explain.map(|_| {
        view! {
            {reason.view("Reason, for all of them", true)}
            <p class="field-note">"It is kept with each load and in the audit trail."</p>
        }
    });
    let only_a_yes = explain.is_none();
    view! {
        <Dialog title on_close=close typed=reason.is_typed()>
            <p class="dialog-text">{text}</p>
            <form on:submit=submit novalidate>
                {field}
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| close.run(())>
                        "Not yet"
                    </button>
                    <button type="submit" class="button button-primary" autofocus=only_a_yes>
                        {yes}
                    </button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Title, text and button.
fn words(question: &ManyQuestion) -> (String, String, String) {
    let ManyQuestion { cards, to, explain, able } = question;
    let total = cards.len();
    let (title, yes) = match (explain, to) {
        (Some(Step::Cancel), _) => (format!("Cancel {total} loads?"), "Cancel the loads".to_owned()),
        (Some(_), to) => (format!("Move {total} loads back to {to}?"), format!("Move back to {to}")),
        (None, LoadStatus::Dispatched) => (format!("Dispatch {total} loads?"), "Dispatch".to_owned()),
        (None, to) => (format!("Move {total} loads to {to}?"), format!("Move to {to}")),
    };
    let text = match total - able {
        0 => "All of them can take this step now.".to_owned(),
        1 => format!("{able} can take this step now. 1 can't as it stands; you will read why."),
        rest => format!("{able} can take this step now. {rest} can't as they stand; you will read why for each."),
    };
    (title, text, yes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::card_in;

    #[test]
    fn the_question_says_of_how_many_it_will_not_be_done() {
        let cards = vec![card_in(1, LoadStatus::Accepted), card_in(2, LoadStatus::Pending)];
        let mut question = ManyQuestion { cards, to: LoadStatus::Dispatched, explain: None, able: 1 };
        let (title, text, yes) = words(&question);
        assert_eq!((title.as_str(), yes.as_str()), ("Dispatch 2 loads?", "Dispatch"));
        assert_eq!(text, "1 can take this step now. 1 can't as it stands; you will read why.");
        question.explain = Some(Step::Cancel);
        question.to = LoadStatus::Cancelled;
        assert_eq!(words(&question).2, "Cancel the loads");
    }
}
