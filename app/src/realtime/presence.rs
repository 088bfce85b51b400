//! Who is online and what each looks at: a list, and what changed since, apart from sockets.
//!
//! The answer to the question who is online may have been written before events that came ahead of it. Each event is
//! the whole of what is known of its person, so those that were heard while the question was under way are folded in
//! once more after the answer.

use crate::{
    domain::{
        id::{LoadId, UserId},
        load::Person,
    },
    events::{PresenceUpdate, UserOffline, UserOnline, View},
};
use std::collections::BTreeMap;

/// Who is online.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence(BTreeMap<UserId, PresenceUpdate>);

impl Presence {
    pub fn is_online(&self, user: UserId) -> bool {
        self.0.contains_key(&user)
    }

    /// Everybody who is online, each with what their tabs show.
    pub fn people(&self) -> impl Iterator<Item = &PresenceUpdate> {
        self.0.values()
    }

    /// Who looks at a load, on whichever page.
    pub fn viewers(&self, load: LoadId) -> impl Iterator<Item = &Person> {
        self.looking(move |view| view.load_id == Some(load))
    }

    /// Who has a page open, such as `dispatch`.
    pub fn visitors<'a>(&'a self, page: &'a str) -> impl Iterator<Item = &'a Person> {
        self.looking(move |view| view.page == page)
    }

    fn looking<'a>(&'a self, at: impl Fn(&View) -> bool + 'a) -> impl Iterator<Item = &'a Person> {
        self.people().filter(move |one| one.views.iter().any(&at)).map(|one| &one.person)
    }

    /// Folds in what was heard. Whether it changed anything.
    fn fold(&mut self, heard: &PresenceHeard) -> bool {
        match heard {
            PresenceHeard::Online(UserOnline { user_id, name }) => {
                if self.is_online(*user_id) {
                    return false;
                }
                let person = Person { id: *user_id, name: name.clone() };
                self.0.insert(*user_id, PresenceUpdate { person, views: Vec::new() });
                true
            }
            PresenceHeard::Offline(UserOffline { user_id }) => self.0.remove(user_id).is_some(),
            PresenceHeard::Update(update) => {
                self.0.insert(update.person.id, update.clone()).is_none_or(|before| before != *update)
            }
        }
    }
}

/// What was heard of a person.
#[derive(Debug, Clone)]
pub enum PresenceHeard {
    Online(UserOnline),
    Offline(UserOffline),
    Update(PresenceUpdate),
}

/// What was heard while a list is awaited, oldest first.
#[derive(Debug, Default)]
pub struct PresenceFold {
    /// The question that is under way; a later one replaces it.
    asked: Option<u32>,
    questions: u32,
    meanwhile: Vec<PresenceHeard>,
}

impl PresenceFold {
    /// The list is asked for. The number by which its answer is known.
    pub fn ask(&mut self) -> u32 {
        self.questions = self.questions.wrapping_add(1);
        self.meanwhile.clear();
        self.asked = Some(self.questions);
        self.questions
    }

    /// Whether it changed anything.
    pub fn hear(&mut self, presence: &mut Presence, heard: PresenceHeard) -> bool {
        let changed = presence.fold(&heard);
        if self.asked.is_some() {
            self.meanwhile.push(heard);
        }
        changed
    }

    /// The list is there. An answer to a question before the last one says nothing.
    pub fn listed(&mut self, presence: &mut Presence, question: u32, users: Vec<PresenceUpdate>) -> bool {
        if self.asked != Some(question) {
            return false;
        }
        self.asked = None;
        let mut listed = Presence(users.into_iter().map(|user| (user.person.id, user)).collect());
        for heard in self.meanwhile.drain(..) {
            listed.fold(&heard);
        }
        let changed = listed != *presence;
        *presence = listed;
        changed
    }

    /// There will be no list. Whether it was the last one asked for.
    pub fn failed(&mut self, question: u32) -> bool {
        if self.asked != Some(question) {
            return false;
        }
        self.asked = None;
        self.meanwhile.clear();
        true
    }
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
