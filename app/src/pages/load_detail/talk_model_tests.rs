use super::*;
use crate::{
    api::PageInfo,
    domain::{id::ConversationId, test_cards::NOW},
};
use uuid::Uuid;

const MARIA: UserId = UserId(Uuid::from_u128(1));
const CARLOS: UserId = UserId(Uuid::from_u128(2));

fn message(number: u128, author: UserId) -> MessageNew {
    MessageNew {
        id: MessageId(Uuid::from_u128(number)),
        conversation_id: ConversationId(Uuid::nil()),
        load_id: None,
        author: Person { id: author, name: if author == MARIA { "Maria" } else { "Carlos" }.into() },
        body: format!("message {number}"),
        sent_at: NOW.plus(number as i64 * 1_000),
        client_id: None,
    }
}

fn mark(user_id: UserId, number: u128) -> MessageRead {
    MessageRead {
        conversation_id: ConversationId(Uuid::nil()),
        user_id,
        message_id: MessageId(Uuid::from_u128(number)),
        read_at: NOW.plus(number as i64 * 1_000 + 500),
    }
}

fn list(newest_first: Vec<MessageNew>, next: Option<u128>) -> MessageList {
    let next = next.map(|number| Uuid::from_u128(number).to_string());
    MessageList {
        page: PageInfo { next, total: 0 },
        data: newest_first,
        read_marks: Vec::new(),
        cursors: Default::default(),
    }
}

fn said(talk: &TalkModel) -> Vec<u128> {
    talk.messages.get_untracked().iter().map(|message| message.id.0.as_u128()).collect()
}

#[test]
fn messages_stand_in_the_order_in_which_they_were_sent_each_once() {
    let talk = TalkModel::default();
    talk.hear(message(3, CARLOS));
    talk.take_newest(list(vec![message(3, CARLOS), message(2, MARIA)], Some(2)));
    talk.hear(message(4, MARIA));
    talk.hear(message(4, MARIA));
    talk.take_older(list(vec![message(1, CARLOS)], None));
    assert_eq!(said(&talk), [1, 2, 3, 4]);
    assert_eq!(talk.next.get_untracked(), None);
}

#[test]
fn after_a_long_absence_no_gap_is_hidden() {
    let talk = TalkModel::default();
    talk.take_newest(list(vec![message(2, MARIA), message(1, MARIA)], None));
    talk.take_newest(list(vec![message(9, MARIA), message(8, MARIA)], Some(8)));
    assert_eq!(said(&talk), [8, 9]);
    assert!(talk.next.get_untracked().is_some());
}

#[test]
fn a_message_on_its_way_is_replaced_by_what_was_stored_of_it() {
    let talk = TalkModel::default();
    talk.draft(Draft { client_id: "a".into(), body: "hello".into(), problem: None });
    talk.set_problem("a", Some("no connection".into()));
    talk.hear(MessageNew { client_id: Some("a".into()), ..message(1, MARIA) });
    assert_eq!((talk.drafts.get_untracked(), said(&talk)), (vec![], vec![1]));
}

#[test]
fn who_has_sent_a_message_writes_it_no_more() {
    let talk = TalkModel::default();
    let typing = |typing| Typing {
        conversation_id: ConversationId(Uuid::nil()),
        person: Person { id: CARLOS, name: "Carlos".into() },
        typing,
    };
    talk.typing(&typing(true), NOW);
    talk.typing(&typing(true), NOW.plus(1));
    assert_eq!(talk.writing.get_untracked().len(), 1);
    talk.hear(message(1, CARLOS));
    assert!(talk.writing.get_untracked().is_empty());
    talk.typing(&typing(true), NOW);
    talk.typing(&typing(false), NOW);
    assert!(talk.writing.get_untracked().is_empty());
}

#[test]
fn unread_is_what_others_said_after_ones_mark_and_ones_own_last_word() {
    let owner = Owner::new();
    owner.set();
    let talk = TalkModel::default();
    for (number, author) in [(1, CARLOS), (2, MARIA), (3, CARLOS), (4, CARLOS)] {
        talk.hear(message(number, author));
    }
    assert_eq!((talk.unread(MARIA), talk.unread(CARLOS)), (2, 0));
    talk.mark(mark(MARIA, 3));
    assert_eq!(talk.unread(MARIA), 1);
    assert_eq!(talk.unread_end(MARIA), Some(MessageId(Uuid::from_u128(4))));
    talk.mark(mark(MARIA, 4));
    talk.mark(mark(MARIA, 1));
    assert_eq!((talk.unread(MARIA), talk.unread_end(MARIA)), (0, None));
}

#[test]
fn the_writer_of_the_last_message_learns_who_has_seen_it() {
    let owner = Owner::new();
    owner.set();
    let talk = TalkModel::default();
    talk.hear(message(1, CARLOS));
    talk.hear(message(2, MARIA));
    talk.mark(mark(CARLOS, 2));
    talk.mark(mark(UserId(Uuid::from_u128(3)), 2));
    talk.mark(mark(MARIA, 2));
    assert_eq!(talk.seen_by(MARIA), [Some("Carlos".into()), None]);
    assert_eq!(talk.seen_by(CARLOS), []);
}
