//! The conversation about a load: who said what when, what is on its way, who writes, who has read.

use super::{
    load_desk::LoadDesk,
    load_model::LoadModel,
    part::{behind, part, show_older},
    talk_model::{Draft, TalkModel, WRITES_FOR},
    talk_send::{TalkBox, discard, send_draft},
};
use crate::{
    api::{
        ApiError, call,
        conversations::{ListLoadMessages, MarkRead, MessageList, ReadUpTo},
    },
    components::{
        clock::Clock,
        relative_time::{absolute, day},
    },
    domain::{
        id::{ConversationId, LoadId, MessageId},
        time::{MINUTE, Timestamp},
    },
    events::MessageNew,
    realtime::{Room, RoomStatus, use_room},
};
use leptos::{html, prelude::*, task::spawn_local};
use std::{future::Future, sync::Arc};

/// How many are fetched at once.
const AT_ONCE: u32 = 50;
/// Messages of one person that follow one another within this, in milliseconds, stand under one name.
const TOGETHER: i64 = 5 * MINUTE;
/// Nearer to the end than this, in pixels, a new message is scrolled to.
const NEAR_END: i32 = 80;

/// Copied freely; it lives as long as the page.
#[derive(Clone, Copy)]
pub struct Talk {
    load: LoadId,
    model: StoredValue<LoadModel>,
    /// Loaded on the server and taken over by the browser.
    first: Resource<Result<MessageList, ApiError>>,
    taken: StoredValue<bool>,
    fetching: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
}

impl Talk {
    /// `after` is awaited before the first fetch: what is said from there on is heard.
    pub fn new<A>(after: impl Fn() -> A + Send + Sync + 'static, model: LoadModel) -> Self
    where
        A: Future<Output = Result<(), ApiError>> + Send + 'static,
    {
        let load = model.id();
        let first = Resource::new(
            || (),
            move |()| {
                let ready = after();
                async move {
                    ready.await?;
                    call(newest(load, None)).await
                }
            },
        );
        let talk = Self {
            load,
            model: StoredValue::new(model),
            first,
            taken: StoredValue::new(false),
            fetching: RwSignal::new(false),
            error: RwSignal::new(None),
        };
        // How much is unread is to be seen whichever part is shown.
        Effect::new(move |_| {
            if let Some(Ok(list)) = talk.first.get() {
                talk.take_first(list);
            }
        });
        talk
    }

    fn model(self) -> TalkModel {
        self.model.with_value(|model| model.talk().clone())
    }

    async fn ready(self) -> Result<(), ApiError> {
        let list = self.first.await?;
        self.take_first(list);
        Ok(())
    }

    fn take_first(self, list: MessageList) {
        if self.taken.try_get_value() == Some(false) {
            self.taken.set_value(true);
            self.model().take_newest(list);
        }
    }

    /// Something may have been missed.
    pub fn refresh(self) {
        if self.taken.try_get_value() == Some(true) {
            self.fetch(None);
        }
    }

    fn older(self) {
        let before = self.model().next.get_untracked();
        if before.is_some() && !self.fetching.get_untracked() {
            self.fetch(before);
        }
    }

    fn fetch(self, before: Option<MessageId>) {
        let model = self.model();
        self.fetching.set(true);
        spawn_local(async move {
            match call(newest(self.load, before)).await {
                Ok(list) => {
                    match before {
                        Some(_) => model.take_older(list),
                        None => model.take_newest(list),
                    }
                    self.error.try_set(None);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
            self.fetching.try_set(false);
        });
    }
}

fn newest(load: LoadId, before: Option<MessageId>) -> ListLoadMessages {
    ListLoadMessages { load, before, limit: Some(AT_ONCE) }
}

pub fn talk(desk: LoadDesk, talk: Talk) -> AnyView {
    let retry = Callback::new(move |()| talk.first.refetch());
    let ready = Arc::new(move || Box::pin(talk.ready()) as _);
    part("The messages", ready, retry, move || conversation(desk, talk))
}

fn conversation(desk: LoadDesk, talk: Talk) -> AnyView {
    let model = talk.model();
    let conversation = ConversationId(desk.load.0);
    let room = use_room(Room::Conversation(conversation));
    mark_read(desk, &model, conversation);
    let scroller = NodeRef::<html::Div>::new();
    let waiting = follow_end(&model, scroller);
    let said = {
        let model = model.clone();
        move || model.messages.get()
    };
    let clock = desk.clock();
    let is_shown = StoredValue::new(false);
    Effect::new(move |_| is_shown.set_value(true));
    let list = model.clone();
    let children = move |message: MessageNew| one(desk, &message, &list, is_shown.get_value(), clock.clone());
    let drafts = model.clone();
    let each_draft = move || drafts.drafts.get();
    let empty = {
        let model = model.clone();
        move || model.messages.with(Vec::is_empty) && model.drafts.with(Vec::is_empty)
    };
    let next = model.next.clone();
    let more = Signal::derive(move || next.with(Option::is_some));
    let again = Callback::new(move |()| talk.refresh());
    let older = Callback::new(move |()| talk.older());
    // Outside parties lose a conversation with the load.
    let denied = Memo::new(move |_| matches!(room.get(), RoomStatus::Refused(_)) || desk.gone.with(Option::is_some));
    let drafted = model.clone();
    view! {
        <div class="part-scroll talk" tabindex="0" role="log" aria-label="Messages" node_ref=scroller on:scroll=move |_| at_end(scroller, waiting)>
            {behind(talk.error.into(), again)}
            {show_older(more, talk.fetching.into(), older)}
            <Show when=empty>
                <p class="part-empty">
                    "Nothing was said yet. All staff see this conversation, and the carrier and driver who have the load."
                </p>
            </Show>
            <ol class="messages">
                <For each=said key=|message| message.id children=children />
            </ol>
            <ul class="messages">
                <For
                    each=each_draft
                    key=|draft| (draft.client_id.clone(), draft.problem.clone())
                    children=move |draft| draft_view(desk, drafted.clone(), draft)
                />
            </ul>
            {seen_by(desk, model.clone())}
        </div>
        <Show when=move || waiting.get()>
            <button type="button" class="button button-small talk-new" on:click=move |_| scroll_to_end(scroller)>
                "New messages below"
            </button>
        </Show>
        {writing(desk, model.clone())}
        {move || {
            if denied.get() {
                view! {
                    <p class="talk-denied">"You take no part in this conversation any more: the load is not yours."</p>
                }
                    .into_any()
            } else {
                view! { <TalkBox desk model=model.clone() /> }.into_any()
            }
        }}
    }
    .into_any()
}

/// One message, under its author's name and day where those begin.
fn one(desk: LoadDesk, message: &MessageNew, model: &TalkModel, is_new: bool, clock: Clock) -> AnyView {
    let is_own = message.author.id == desk.viewer.id;
    let before = model.messages.with_untracked(|messages| {
        let at = messages.iter().position(|other| other.id == message.id)?;
        messages.get(at.checked_sub(1)?).cloned()
    });
    let follows = before.is_some_and(|before| follows(&before, message));
    let at = message.sent_at;
    let (offset, title) = (clock.clone(), clock.clone());
    let time = move || when(at, offset.viewer_offset().unwrap_or(0), offset.now());
    let head = (!follows).then(|| {
        let name = if is_own { "You".to_owned() } else { message.author.name.clone() };
        view! {
            <div class="message-head">
                <strong>{name}</strong>
                <time class="load-quiet" datetime=at.to_string() title=move || absolute(at, title.viewer_offset())>
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
            <p class="message-body" title=follows.then(|| absolute(at, clock.viewer_offset()))>
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
fn when(at: Timestamp, offset: i32, now: Timestamp) -> String {
    let (day, clock) = (day(at, offset, now), at.civil(offset).clock());
    if day == "Today" { clock } else { format!("{day} {clock}") }
}

/// A message of one's own that is not stored yet, or was not sent.
fn draft_view(desk: LoadDesk, model: TalkModel, draft: Draft) -> AnyView {
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

fn seen_by(desk: LoadDesk, model: TalkModel) -> AnyView {
    let words = move || {
        let readers = model.seen_by(desk.viewer.id);
        let (known, unknown): (Vec<_>, Vec<_>) = readers.into_iter().partition(Option::is_some);
        let mut names: Vec<String> = known.into_iter().flatten().collect();
        match (names.len(), unknown.len()) {
            (0, 0) => return None,
            (0, 1) => names.push("one person".into()),
            (0, others) => names.push(format!("{others} people")),
            (_, 0) => {}
            (_, others) => names.push(format!("{others} more")),
        }
        Some(format!("Seen by {}", names.join(", ")))
    };
    view! { <p class="talk-seen">{words}</p> }.into_any()
}

/// Who writes now. It stands where it stands, so that nothing jumps.
fn writing(desk: LoadDesk, model: TalkModel) -> AnyView {
    let clock = desk.clock();
    let words = move || {
        let writing = model.writing.get();
        if writing.is_empty() {
            return String::new();
        }
        let now = clock.second();
        let me = desk.viewer.id;
        let names: Vec<String> = writing
            .into_iter()
            .filter(|(person, since)| person.id != me && now.since(*since) < WRITES_FOR)
            .map(|(person, _)| person.name)
            .collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!("{one} is writing…"),
            several => format!("{} are writing…", several.join(" and ")),
        }
    };
    view! {
        <p class="talk-writing" role="status">
            {words}
        </p>
    }
    .into_any()
}

/// What is shown to somebody who looks at it is read.
fn mark_read(desk: LoadDesk, model: &TalkModel, conversation: ConversationId) {
    let (me, model) = (desk.viewer.id, model.clone());
    let looked = RwSignal::new(0u32);
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::focus, move |_| looked.update(|looks| *looks += 1));
        on_cleanup(move || handle.remove());
    });
    Effect::new(move |asked: Option<Option<MessageId>>| {
        looked.track();
        let asked = asked.flatten();
        let Some(end) = model.unread_end(me).filter(|end| asked != Some(*end)) else { return asked };
        if document().hidden() {
            return asked;
        }
        spawn_local(async move {
            // What is not noted is noted with the next message.
            let _ = call(MarkRead { conversation, up_to: ReadUpTo { message_id: end } }).await;
        });
        Some(end)
    });
}

/// Keeps the end in view while it is in view. Whether there is something new below it.
fn follow_end(model: &TalkModel, scroller: NodeRef<html::Div>) -> RwSignal<bool> {
    let waiting = RwSignal::new(false);
    let (messages, drafts) = (model.messages.clone(), model.drafts.clone());
    Effect::new(move |before: Option<(usize, Option<MessageId>)>| {
        let drafts = drafts.with(Vec::len);
        let last = messages.with(|messages| messages.last().map(|message| message.id));
        let Some(node) = scroller.get() else { return (drafts, last) };
        let now = (drafts, last);
        let Some(before) = before else {
            request_animation_frame(move || scroll_to_end(scroller));
            return now;
        };
        if before == now {
            return now;
        }
        // The list is longer already or will be in the next frame; where one was before, near the end is near.
        let is_near = node.scroll_height() - node.scroll_top() - node.client_height() < NEAR_END + 60;
        if is_near || now.0 > before.0 {
            request_animation_frame(move || scroll_to_end(scroller));
        } else {
            waiting.set(true);
        }
        now
    });
    waiting
}

/// Who has scrolled to the end has seen what was new.
fn at_end(scroller: NodeRef<html::Div>, waiting: RwSignal<bool>) {
    let is_near =
        |node: web_sys::HtmlDivElement| node.scroll_height() - node.scroll_top() - node.client_height() < NEAR_END;
    if waiting.get_untracked() && scroller.get_untracked().is_some_and(is_near) {
        waiting.set(false);
    }
}

fn scroll_to_end(scroller: NodeRef<html::Div>) {
    if let Some(node) = scroller.try_get_untracked().flatten() {
        node.set_scroll_top(node.scroll_height());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::UserId,
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

    #[test]
    fn the_day_stands_beside_the_time_unless_it_is_today() {
        let told = [0, -DAY, -9 * DAY].map(|at| when(NOW.plus(at), -360, NOW));
        assert_eq!(told, ["08:05", "Yesterday 08:05", "Nov 12 08:05"]);
    }
}
