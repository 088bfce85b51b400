//! The conversation about a load: what was said, who writes, who has read, and the box to write in.

use super::{
    load_desk::LoadDesk,
    message::{draft_view, message_view},
    part::{behind, part, show_older},
    talk_model::{TalkModel, WRITES_FOR},
    talk_query::Talk,
    talk_send::TalkBox,
};
use crate::{
    api::{
        call,
        conversations::{MarkRead, ReadUpTo},
    },
    domain::id::{ConversationId, MessageId},
    events::MessageNew,
    realtime::{Room, RoomStatus, use_room},
};
use leptos::{html, prelude::*, task::spawn_local};
use std::sync::Arc;

/// Nearer to the end than this, in pixels, a new message is scrolled to.
const NEAR_END: i32 = 80;

pub fn talk(desk: LoadDesk, talk: Talk) -> AnyView {
    let retry = Callback::new(move |()| talk.retry());
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
    let children = move |message: MessageNew| message_view(desk, &message, &list, is_shown.get_value(), clock.clone());
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
