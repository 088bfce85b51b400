//! The box in which a message is written, and its sending: what is not sent stays, with a way to send it again.

use super::{
    load_desk::LoadDesk,
    talk_model::{Draft, TalkModel},
};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        conversations::{NewMessage, PostMessage},
    },
    components::clock::wall_millis,
    domain::id::ConversationId,
    events::SetTyping,
    pages::layout::is_over,
    realtime::{leave_for_login, use_emit_with_ack},
};
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

/// The longest message that the API takes, in characters.
const LONGEST: usize = 4_000;
/// Who goes on writing says so at most this often, in milliseconds.
const SAYS_SO_EVERY: i64 = 3_000;

#[component]
pub fn TalkBox(desk: LoadDesk, model: TalkModel) -> impl IntoView {
    let text = RwSignal::from(model.unsent.clone());
    let input = NodeRef::<html::Textarea>::new();
    let typing = Typist::new(desk);
    let over = move || text.with(|text| text.trim().chars().count().saturating_sub(LONGEST));
    let send = move || {
        let body = text.with_untracked(|text| text.trim().to_owned());
        if body.is_empty() || body.chars().count() > LONGEST {
            return;
        }
        let draft = Draft { client_id: client_id(), body, problem: None };
        model.draft(draft.clone());
        send_draft(desk, &model, &draft);
        text.set(String::new());
        typing.stop();
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    };
    let submit = {
        let send = send.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            send();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // While a word is composed, Enter ends the word.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    let on_input = move |event| {
        text.set(event_target_value(&event));
        typing.go_on();
    };
    let note = move || match over() {
        0 => "Enter sends, Shift+Enter begins a line".to_owned(),
        over => format!("{over} characters too many"),
    };
    view! {
        <form class="talk-box" on:submit=submit novalidate>
            <label class="sr-only" for="talk-text">
                "Message"
            </label>
            <textarea
                id="talk-text"
                class="input"
                rows="2"
                placeholder="Write a message"
                node_ref=input
                prop:value=text
                aria-describedby="talk-note"
                aria-invalid=move || (over() > 0).then_some("true")
                on:input=on_input
                on:keydown=on_key
                on:blur=move |_| typing.stop()
            ></textarea>
            <button type="submit" class="button button-primary">
                "Send"
            </button>
            <p id="talk-note" class="field-note" data-error=move || (over() > 0).then_some("")>
                {note}
            </p>
        </form>
    }
}

/// Sends a message that is among the drafts; again, if it was not sent before.
pub fn send_draft(desk: LoadDesk, model: &TalkModel, draft: &Draft) {
    model.set_problem(&draft.client_id, None);
    let (model, client_id, body) = (model.clone(), draft.client_id.clone(), draft.body.clone());
    let message = NewMessage { body: draft.body.clone(), client_id: Some(client_id.clone()) };
    let request = PostMessage { conversation: ConversationId(desk.load.0), message };
    spawn_local(async move {
        match call(request).await {
            Ok(answer) => model.hear(answer.data),
            Err(error) if is_over(&error) => leave_for_login(),
            Err(error) => {
                let why = problem(&error);
                // Who has left the page would not see it there.
                if desk.card.try_get_untracked().is_none() {
                    let begin: String = body.chars().take(120).collect();
                    desk.toasts.refusal(format!("Your message was not sent: {why} It began: “{begin}”"));
                }
                model.set_problem(&client_id, Some(why));
            }
        }
    });
}

/// Puts a message that was not sent back where it can be written on.
pub fn discard(model: &TalkModel, client_id: &str) {
    let body = model.drafts.with_untracked(|drafts| {
        drafts.iter().find(|draft| draft.client_id == client_id).map(|draft| draft.body.clone())
    });
    model.drop_draft(client_id);
    if let Some(body) = body {
        model.unsent.update(|unsent| *unsent = if unsent.is_empty() { body } else { format!("{body}\n{unsent}") });
    }
}

fn problem(error: &ApiError) -> String {
    match error.code {
        ErrorCode::Unreachable => "The server can't be reached.".into(),
        ErrorCode::NotFound => "You take no part in this conversation any more.".into(),
        _ => error.message.clone(),
    }
}

/// A name for a message that no other message of the person has.
fn client_id() -> String {
    #[cfg(feature = "hydrate")]
    let chance = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    #[cfg(not(feature = "hydrate"))]
    let chance = 0;
    format!("{:x}-{chance:08x}", wall_millis())
}

/// Tells the others that one writes: now and then while it lasts, and once when it ends. Nobody waits for an answer.
#[derive(Clone, Copy)]
struct Typist {
    desk: LoadDesk,
    /// When it was said last; none: one does not write.
    said: StoredValue<Option<i64>>,
    tell: Callback<bool>,
}

impl Typist {
    fn new(desk: LoadDesk) -> Self {
        let emit = use_emit_with_ack::<SetTyping>();
        let conversation_id = ConversationId(desk.load.0);
        let tell = Callback::new(move |typing| {
            spawn_local(async move {
                let _ = emit(SetTyping { conversation_id, typing }).await;
            });
        });
        let typist = Self { desk, said: StoredValue::new(None), tell };
        on_cleanup(move || typist.stop());
        typist
    }

    fn go_on(self) {
        let now = wall_millis();
        let is_known = self.said.get_value().is_some_and(|said| now - said < SAYS_SO_EVERY);
        if !is_known && self.desk.gone.with_untracked(Option::is_none) {
            self.said.set_value(Some(now));
            self.tell.run(true);
        }
    }

    fn stop(self) {
        if self.said.try_update_value(Option::take).flatten().is_some() {
            let _ = self.tell.try_run(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_was_not_sent_can_be_written_on() {
        let model = TalkModel::default();
        for body in ["first", "second"] {
            model.draft(Draft { client_id: body.into(), body: body.into(), problem: Some("no".into()) });
        }
        discard(&model, "second");
        assert_eq!(model.unsent.get_untracked(), "second");
        discard(&model, "first");
        assert_eq!(model.unsent.get_untracked(), "first\nsecond");
        assert!(model.drafts.get_untracked().is_empty());
    }

    #[test]
    fn why_it_was_not_sent_is_said_in_words_for_people() {
        assert_eq!(problem(&ApiError::unreachable("Failed to fetch")), "The server can't be reached.");
        assert!(problem(&ApiError::new(ErrorCode::NotFound, "gone")).contains("no part"));
    }
}
