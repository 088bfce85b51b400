//! One message of a conversation, stored or on its way.

use super::{
    load_desk::LoadDesk,
    talk_model::{Draft, TalkModel},
    talk_send::{discard, send_draft},
};
use crate::{
    components::{
        clock::{Clock, ViewerClock},
        relative_time::{absolute, viewer_day},
    },
    domain::time::{MINUTE, Timestamp},
    events::MessageNew,
};
use leptos::prelude::*;

/// Messages of one person that follow one another within this, in milliseconds, stand under one name.
const TOGETHER: i64 = 5 * MINUTE;

/// One message, under its author's name and day where those begin.
pub fn message_view(desk: LoadDesk, message: &MessageNew, model: &TalkModel, is_new: bool, clock: Clock) -> AnyView {
    let is_own = message.author.id == desk.viewer.id;
    let before = model.messages.with_untracked(|messages| {
        let at = messages.iter().position(|other| other.id == message.id)?;
        messages.get(at.checked_sub(1)?).cloned()
    });
    let follows = before.is_some_and(|before| follows(&before, message));
    let at = message.sent_at;
    let (shown, title) = (clock.clone(), clock.clone());
    let time = move || when(at, shown.viewer(), shown.now());
    let head = (!follows).then(|| {
        let name = if is_own { "You".to_owned() } else { message.author.name.clone() };
        view! {
            <div class="message-head">
                <strong>{name}</strong>
                <time class="load-quiet" datetime=at.to_string() title=move || absolute(at, title.viewer())>
                    {time}
                </time>
            </div>
        }
    });
    view! {
        <li
            class="message"
            data-own=is_own.then_some("")
            data-follows=follows.then_some("")
            data-message=message.id.to_string()
            data-glow=is_new.then_some("a")
        >
            {head}
            <p class="message-body" title=follows.then(|| absolute(at, clock.viewer()))>
                {message.body.clone()}
            </p>
        </li>
    }
    .into_any()
}

/// Whether a message stands under the name of the one before.
fn follows(before: &MessageNew, message: &MessageNew) -> bool {
    before.author.id == message.author.id && message.sent_at.since(before.sent_at) < TOGETHER
}

/// `14:05` today, `Yesterday 14:05`, `Nov 12 14:05`.
fn when(at: Timestamp, viewer: ViewerClock, now: Timestamp) -> String {
    let (day, clock) = (viewer_day(at, viewer, now), viewer.civil(at).clock());
    if day == "Today" { clock } else { format!("{day} {clock}") }
}

/// A message of one's own that is not stored yet, or was not sent.
pub fn draft_view(desk: LoadDesk, model: TalkModel, draft: Draft) -> AnyView {
    let state = match draft.problem.clone() {
        None => view! { <p class="load-quiet">"Sending…"</p> }.into_any(),
        Some(problem) => {
            let (again, away) = (draft.clone(), draft.client_id.clone());
            let (sender, dropper) = (model.clone(), model);
            view! {
                <div class="message-problem" role="alert">
                    <p>{format!("Not sent. {problem}")}</p>
                    <button type="button" class="button button-small" on:click=move |_| send_draft(desk, &sender, &again)>
                        "Send again"
                    </button>
                    <button type="button" class="button button-small" on:click=move |_| discard(&dropper, &away)>
                        "Back to the box"
                    </button>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <li class="message" data-own="" data-draft=if draft.problem.is_some() { "failed" } else { "sending" }>
            <p class="message-body">{draft.body}</p>
            {state}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{ConversationId, MessageId, UserId},
        load::Person,
        test_cards::NOW,
        time::{DAY, HOUR},
    };
    use uuid::Uuid;

    #[test]
    fn what_one_person_says_in_one_go_stands_under_one_name() {
        let message = |author: u128, at: i64| MessageNew {
            id: MessageId(Uuid::from_u128(1)),
            conversation_id: ConversationId(Uuid::nil()),
            load_id: None,
            author: Person { id: UserId(Uuid::from_u128(author)), name: "Maria".into() },
            body: "Hello".into(),
            sent_at: NOW.plus(at),
            client_id: None,
        };
        assert!(follows(&message(1, 0), &message(1, MINUTE)));
        assert!(!follows(&message(1, 0), &message(2, MINUTE)));
        assert!(!follows(&message(1, 0), &message(1, HOUR)));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_day_stands_beside_the_time_unless_it_is_today() {
        let told = [0, -DAY, -9 * DAY].map(|at| when(NOW.plus(at), ViewerClock::Zone("America/Chicago"), NOW));
        assert_eq!(told, ["08:05", "Yesterday 08:05", "Nov 12 08:05"]);
    }
}
