//! Who is online, as one node knows it: its own tabs, and what the other nodes say of theirs.
//!
//! Pure: no sockets, and the time is passed in. Whatever happens, the news of it are the difference between what could
//! be seen before and what can be seen after; so nobody is announced twice, wherever and however often they are there.

use crate::relay::Presence;
use app::{
    domain::{
        id::{TenantId, UserId},
        load::Person,
    },
    events::{PresenceUpdate, View},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;

/// A node that has not been heard for so long is gone, and its people with it.
pub const SILENCE: Duration = Duration::from_secs(15);

/// A node that did not look for so long can't say who was silent meanwhile.
const SLEPT: Duration = Duration::from_secs(3);

pub struct PresenceBook {
    grace: Duration,
    here: HashMap<UserId, Here>,
    /// Who leaves when, unless they come back. The grace is the same for all, so they stand in order.
    leaving: VecDeque<(Instant, UserId)>,
    nodes: BTreeMap<Uuid, Node>,
    /// Since when this node has heard the others without a break.
    hearing_since: Option<Instant>,
    looked_at: Option<Instant>,
}

/// A person at this node.
struct Here {
    tenant: TenantId,
    person: Person,
    tabs: HashMap<Uuid, Option<View>>,
    /// The end of the grace, where no tab is left.
    leaves_at: Option<Instant>,
}

impl Here {
    fn presence(&self) -> Presence {
        let views: BTreeSet<_> = self.tabs.values().flatten().cloned().collect();
        let shown = PresenceUpdate { person: self.person.clone(), views: views.into_iter().collect() };
        Presence { tenant: self.tenant, is_online: true, shown }
    }
}

/// Another node.
struct Node {
    heard_at: Instant,
    people: HashMap<UserId, Presence>,
    /// The end of the grace of its people, where it said goodbye.
    ends_at: Option<Instant>,
}

/// What is to be told after something happened.
#[derive(Debug, Default, PartialEq)]
pub struct News {
    /// To the staff, in order.
    pub notices: Vec<Notice>,
    /// To the other nodes: what became of people who are or were here.
    pub of_here: Vec<Presence>,
}

/// Something that the staff of a tenant are told.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    Online { tenant: TenantId, person: Person },
    Offline { tenant: TenantId, user: UserId },
    Views { tenant: TenantId, shown: PresenceUpdate },
}

impl PresenceBook {
    /// A book with nobody in it. `grace` is how long a person may be without a tab before being offline.
    pub fn new(grace: Duration) -> Self {
        Self {
            grace,
            here: HashMap::new(),
            leaving: VecDeque::new(),
            nodes: BTreeMap::new(),
            hearing_since: None,
            looked_at: None,
        }
    }

    /// A tab is open at this node. One that is known already stays as it is.
    pub fn join(&mut self, tenant: TenantId, person: &Person, tab: Uuid) -> News {
        self.changing([person.id], |book| {
            book.enter(tenant, person, tab);
        })
    }

    /// A tab shows something else, or nothing of interest. One that is not known yet is open from now on.
    pub fn show(&mut self, tenant: TenantId, person: &Person, tab: Uuid, view: Option<View>) -> News {
        self.changing([person.id], |book| *book.enter(tenant, person, tab) = view)
    }

    fn enter(&mut self, tenant: TenantId, person: &Person, tab: Uuid) -> &mut Option<View> {
        let new = || Here { tenant, person: person.clone(), tabs: HashMap::new(), leaves_at: None };
        let here = self.here.entry(person.id).or_insert_with(new);
        // A newer login knows the newer name.
        here.person = person.clone();
        here.leaves_at = None;
        here.tabs.entry(tab).or_default()
    }

    /// A tab is gone. With the last one the grace begins.
    pub fn leave(&mut self, user: UserId, tab: Uuid, now: Instant) -> News {
        self.changing([user], |book| {
            let Some(here) = book.here.get_mut(&user) else { return };
            if here.tabs.remove(&tab).is_some() && here.tabs.is_empty() {
                let leaves_at = now + book.grace;
                here.leaves_at = Some(leaves_at);
                book.leaving.push_back((leaves_at, user));
            }
        })
    }

    /// Another node is alive.
    pub fn hear(&mut self, node: Uuid, now: Instant) {
        if let Some(node) = self.nodes.get_mut(&node) {
            node.heard_at = now;
        }
    }

    /// Another node says who is there, in place of what it said before.
    pub fn hear_people(&mut self, node: Uuid, people: &[Presence], now: Instant) -> News {
        let people: HashMap<_, _> = people.iter().map(|presence| (presence.shown.person.id, presence)).collect();
        let known = self.node(node, now);
        if known.ends_at.is_some() {
            return News::default();
        }
        let gone = known.people.keys().filter(|user| !people.contains_key(user));
        let changed = people.iter().filter(|(user, presence)| known.people.get(user) != Some(presence));
        let users: Vec<_> = changed.map(|(user, _)| *user).chain(gone.copied()).collect();
        self.changing(users, |book| {
            book.node(node, now).people = people.into_iter().map(|(user, said)| (user, said.clone())).collect();
        })
    }

    /// Another node says what became of one of its people.
    pub fn hear_person(&mut self, node: Uuid, presence: &Presence, now: Instant) -> News {
        let user = presence.shown.person.id;
        if self.node(node, now).ends_at.is_some() {
            return News::default();
        }
        self.changing([user], |book| {
            let people = &mut book.node(node, now).people;
            if presence.is_online {
                people.insert(user, presence.clone());
            } else {
                people.remove(&user);
            }
        })
    }

    /// Another node stops. Its people have the grace to come to another one.
    pub fn hear_goodbye(&mut self, node: Uuid, now: Instant) -> News {
        let ends_at = now + self.grace;
        let Some(users) = self.nodes.get(&node).map(|node| node.people.keys().copied().collect::<Vec<_>>()) else {
            return News::default();
        };
        self.changing(users, |book| {
            let node = book.node(node, now);
            node.ends_at = Some(ends_at);
            node.people.values_mut().for_each(|presence| presence.shown.views.clear());
        })
    }

    fn node(&mut self, node: Uuid, now: Instant) -> &mut Node {
        self.nodes.entry(node).or_insert_with(|| Node { heard_at: now, people: HashMap::new(), ends_at: None })
    }

    /// Looks who is gone by now. While the other nodes can't be heard (`is_up` false), nobody is taken for silent.
    pub fn tick(&mut self, now: Instant, is_up: bool) -> News {
        let mut news = News::default();
        while let Some((due, user)) = self.leaving.front().copied().filter(|(due, _)| *due <= now) {
            self.leaving.pop_front();
            if self.here.get(&user).is_some_and(|here| here.leaves_at == Some(due)) {
                news.extend(self.changing([user], |book| {
                    book.here.remove(&user);
                }));
            }
        }
        let slept = self.looked_at.replace(now).is_some_and(|last| now - last > SLEPT);
        if slept || !is_up {
            self.hearing_since = None;
        }
        let hearing_since = if is_up { *self.hearing_since.get_or_insert(now) } else { now };
        let is_gone = |node: &Node| match node.ends_at {
            Some(ends_at) => ends_at <= now,
            None => node.heard_at.max(hearing_since) + SILENCE <= now,
        };
        let gone: Vec<_> = self.nodes.iter().filter(|(_, node)| is_gone(node)).map(|(id, _)| *id).collect();
        for node in gone {
            let users: Vec<_> =
                self.nodes.get(&node).into_iter().flat_map(|node| node.people.keys().copied()).collect();
            news.extend(self.changing(users, |book| {
                book.nodes.remove(&node);
            }));
        }
        news
    }

    /// Everybody of a tenant who is online, by name.
    pub fn list(&self, tenant: TenantId) -> Vec<PresenceUpdate> {
        let here = self.here.iter().filter(|(_, here)| here.tenant == tenant).map(|(user, _)| *user);
        let elsewhere = self.nodes.values().flat_map(|node| &node.people);
        let elsewhere = elsewhere.filter(|(_, presence)| presence.tenant == tenant).map(|(user, _)| *user);
        let users: HashSet<_> = here.chain(elsewhere).collect();
        let mut people: Vec<_> = users.into_iter().filter_map(|user| self.seen(user)).map(|seen| seen.shown).collect();
        people.sort_by(|a, b| (&a.person.name, a.person.id).cmp(&(&b.person.name, b.person.id)));
        people
    }

    /// Everybody who is at this node, as the others are told.
    pub fn people_here(&self) -> Vec<Presence> {
        self.here.values().map(Here::presence).collect()
    }

    /// A person who is online, over all nodes.
    fn seen(&self, user: UserId) -> Option<Presence> {
        let here = self.here.get(&user).map(Here::presence);
        let elsewhere = self.nodes.values().filter_map(|node| node.people.get(&user).cloned());
        here.into_iter().chain(elsewhere).reduce(|mut seen, other| {
            let views: BTreeSet<_> = seen.shown.views.into_iter().chain(other.shown.views).collect();
            seen.shown.views = views.into_iter().collect();
            seen
        })
    }

    /// Makes a change that touches these people, and tells the difference.
    fn changing(&mut self, users: impl IntoIterator<Item = UserId>, change: impl FnOnce(&mut Self)) -> News {
        let of_here = |book: &Self, user| book.here.get(&user).map(Here::presence);
        let before: Vec<_> = users.into_iter().map(|user| (user, self.seen(user), of_here(self, user))).collect();
        change(self);
        let mut news = News::default();
        for (user, was_seen, was_here) in before {
            news.notices.extend(notices(was_seen, self.seen(user)));
            match (was_here, of_here(self, user)) {
                (was, Some(is)) if was.as_ref() != Some(&is) => news.of_here.push(is),
                (Some(was), None) => {
                    let shown = PresenceUpdate { views: vec![], ..was.shown };
                    news.of_here.push(Presence { is_online: false, shown, ..was });
                }
                _ => {}
            }
        }
        news
    }
}

/// What staff are told of a person who was seen so, and is now.
fn notices(was: Option<Presence>, is: Option<Presence>) -> Vec<Notice> {
    match (was, is) {
        (None, Some(Presence { tenant, shown, .. })) => {
            let mut notices = vec![Notice::Online { tenant, person: shown.person.clone() }];
            if !shown.views.is_empty() {
                notices.push(Notice::Views { tenant, shown });
            }
            notices
        }
        (Some(was), Some(is)) if was.shown != is.shown => vec![Notice::Views { tenant: is.tenant, shown: is.shown }],
        (Some(was), None) => vec![Notice::Offline { tenant: was.tenant, user: was.shown.person.id }],
        _ => vec![],
    }
}

impl News {
    fn extend(&mut self, later: News) {
        self.notices.extend(later.notices);
        self.of_here.extend(later.of_here);
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
