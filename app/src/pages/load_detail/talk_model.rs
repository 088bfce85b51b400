//! What is said about a load: the messages, what is not sent yet, who writes, and how far each person has read.

use crate::{
    api::conversations::MessageList,
    domain::{
        id::{MessageId, UserId},
        load::Person,
        time::Timestamp,
    },
    events::{MessageNew, MessageRead, Typing},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Who has not said for so long, in milliseconds, that they go on writing is taken to have stopped.
pub const WRITES_FOR: i64 = 6_000;

/// A message of one's own on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Under which the server stores it once, however often it is sent.
    pub client_id: String,
    pub body: String,
    /// Why it was not sent; none while it is on its way.
    pub problem: Option<String>,
}

/// Cheap to clone; all clones are one conversation.
#[derive(Clone, Default)]
pub struct TalkModel {
    /// Oldest first.
    pub messages: ArcRwSignal<Vec<MessageNew>>,
    /// Ask with it for older ones.
    pub next: ArcRwSignal<Option<MessageId>>,
    pub marks: ArcRwSignal<BTreeMap<UserId, MessageRead>>,
    /// Who writes, and when that was said last.
    pub writing: ArcRwSignal<Vec<(Person, Timestamp)>>,
    /// In the order in which they were written.
    pub drafts: ArcRwSignal<Vec<Draft>>,
    /// What stands in the box, kept while another tab is shown.
    pub unsent: ArcRwSignal<String>,
}

impl TalkModel {
    /// Takes in the newest messages. Where they do not reach those that are known, those are dropped rather than shown
    /// with a gap.
    pub fn take_newest(&self, list: MessageList) {
        let oldest = list.data.last().map(|message| message.id);
        let reaches = self
            .messages
            .with_untracked(|known| oldest.is_some_and(|oldest| known.iter().any(|message| message.id == oldest)));
        if !reaches {
            let newest = list.data.iter().map(|message| message.sent_at).max();
            // What was heard meanwhile stays; the rest is in the answer, or before it.
            self.messages.update(|known| known.retain(|message| newest.is_none_or(|newest| message.sent_at > newest)));
            self.next.set(list.page.next.and_then(|next| next.parse().ok()));
        }
        list.data.into_iter().for_each(|message| self.hear(message));
        list.read_marks.into_iter().for_each(|mark| self.mark(mark));
    }

    /// Takes in messages from before.
    pub fn take_older(&self, list: MessageList) {
        self.next.set(list.page.next.and_then(|next| next.parse().ok()));
        list.data.into_iter().for_each(|message| self.hear(message));
    }

    /// Takes in a message. One that is known already changes nothing; one of one's own is not on its way any more.
    pub fn hear(&self, message: MessageNew) {
        if let Some(client_id) = &message.client_id
            && self.drafts.with_untracked(|drafts| drafts.iter().any(|draft| draft.client_id == *client_id))
        {
            self.drop_draft(client_id);
        }
        self.stop_writing(message.author.id);
        let key = |message: &MessageNew| (message.sent_at, message.id);
        self.messages.maybe_update(|messages| {
            let at = messages.partition_point(|known| key(known) < key(&message));
            let is_known = messages.get(at).is_some_and(|known| known.id == message.id);
            if !is_known {
                messages.insert(at, message);
            }
            !is_known
        });
    }

    /// Takes in how far a person has read. What was read stays read.
    pub fn mark(&self, mark: MessageRead) {
        self.marks.maybe_update(|marks| {
            let is_older = marks.get(&mark.user_id).is_some_and(|known| known.read_at >= mark.read_at);
            if !is_older {
                marks.insert(mark.user_id, mark);
            }
            !is_older
        });
    }

    pub fn typing(&self, typing: &Typing, at: Timestamp) {
        if !typing.typing {
            self.stop_writing(typing.person.id);
            return;
        }
        self.writing.update(|writing| {
            writing.retain(|(person, _)| person.id != typing.person.id);
            writing.push((typing.person.clone(), at));
        });
    }

    fn stop_writing(&self, person: UserId) {
        self.writing.maybe_update(|writing| {
            let before = writing.len();
            writing.retain(|(writer, _)| writer.id != person);
            writing.len() != before
        });
    }

    pub fn draft(&self, draft: Draft) {
        self.drafts.update(|drafts| drafts.push(draft));
    }

    /// Notes why a message was not sent, or, with none, that it is on its way again.
    pub fn set_problem(&self, client_id: &str, problem: Option<String>) {
        self.drafts.update(|drafts| {
            if let Some(draft) = drafts.iter_mut().find(|draft| draft.client_id == client_id) {
                draft.problem = problem;
            }
        });
    }

    pub fn drop_draft(&self, client_id: &str) {
        self.drafts.update(|drafts| drafts.retain(|draft| draft.client_id != client_id));
    }

    /// The newest message, if it is another's and `me` has not read it yet.
    pub fn unread_end(&self, me: UserId) -> Option<MessageId> {
        let read = self.read_at(me);
        self.messages.with(|messages| {
            let last = messages.last()?;
            (last.author.id != me && read.is_none_or(|read| last.sent_at > read)).then_some(last.id)
        })
    }

    /// How many of the messages of others `me` has not read, of those that are known.
    pub fn unread(&self, me: UserId) -> usize {
        let read = self.read_at(me);
        let is_unread =
            |message: &&MessageNew| message.author.id != me && read.is_none_or(|read| message.sent_at > read);
        self.messages.with(|messages| messages.iter().rev().take_while(is_unread).count())
    }

    /// When the message was sent up to which a person has read.
    fn read_at(&self, person: UserId) -> Option<Timestamp> {
        let mark = self.marks.with(|marks| marks.get(&person).map(|mark| (mark.message_id, mark.read_at)))?;
        let sent = self
            .messages
            .with(|messages| messages.iter().find(|message| message.id == mark.0).map(|message| message.sent_at));
        // A message that is not listed is older than those that are.
        Some(sent.unwrap_or(mark.1))
    }

    /// Who, apart from `me`, has read the last message, where it is `me` who wrote it. By name where it is known.
    pub fn seen_by(&self, me: UserId) -> Vec<Option<String>> {
        let Some(last) = self.messages.with(|messages| messages.last().cloned()) else { return Vec::new() };
        if last.author.id != me {
            return Vec::new();
        }
        let readers: Vec<UserId> = self.marks.with(|marks| {
            marks
                .values()
                .filter(|mark| mark.user_id != me && mark.message_id == last.id)
                .map(|mark| mark.user_id)
                .collect()
        });
        let name = |reader: UserId| {
            self.messages.with(|messages| {
                messages.iter().find(|message| message.author.id == reader).map(|message| message.author.name.clone())
            })
        };
        readers.into_iter().map(name).collect()
    }
}

#[cfg(test)]
#[path = "talk_model_tests.rs"]
mod tests;
