//! What the books of several nodes say together, held against a model that only looks at who has which tab.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const GRACE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(500);
const NODES: usize = 3;
const USERS: u128 = 4;

fn tenant() -> TenantId {
    TenantId(Uuid::from_u128(7))
}

fn person(user: u128) -> Person {
    Person { id: UserId(Uuid::from_u128(user)), name: format!("Person {user}") }
}

fn view(page: u8) -> View {
    View { page: char::from(b'a' + page).to_string(), load_id: None }
}

/// Who is online, and what each looks at.
type Seen = BTreeMap<UserId, Vec<View>>;

fn listed(book: &PresenceBook) -> Seen {
    book.list(tenant()).into_iter().map(|shown| (shown.person.id, shown.views)).collect()
}

#[derive(Debug, Clone)]
enum Act {
    Join {
        node: usize,
        user: u128,
        tab: u128,
    },
    Show {
        node: usize,
        user: u128,
        tab: u128,
        page: Option<u8>,
    },
    Leave {
        node: usize,
        user: u128,
        tab: u128,
    },
    /// So many steps go by.
    Pass {
        steps: u8,
    },
    /// A node tells the others everybody.
    Whole {
        node: usize,
    },
    Stop {
        node: usize,
    },
    Kill {
        node: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let tab = || (0..NODES, 0..USERS, 0..3u128);
    prop_oneof![
        4 => tab().prop_map(|(node, user, tab)| Act::Join { node, user, tab }),
        4 => (tab(), proptest::option::of(0..3u8))
            .prop_map(|((node, user, tab), page)| Act::Show { node, user, tab, page }),
        4 => tab().prop_map(|(node, user, tab)| Act::Leave { node, user, tab }),
        4 => (1..14u8).prop_map(|steps| Act::Pass { steps }),
        1 => (0..NODES).prop_map(|node| Act::Whole { node }),
        1 => (0..NODES).prop_map(|node| Act::Stop { node }),
        1 => (0..NODES).prop_map(|node| Act::Kill { node }),
    ]
}

/// A node: its book, and what its staff know from nothing but the notices.
struct Node {
    book: PresenceBook,
    told: Seen,
    is_alive: bool,
}

struct Cluster {
    nodes: Vec<Node>,
    now: Instant,
    /// The model: every tab that is open, by node and person, and until when those without one are still there.
    tabs: BTreeMap<(usize, u128, u128), Option<View>>,
    until: BTreeMap<(usize, u128), Instant>,
}

impl Cluster {
    fn new() -> Self {
        let now = Instant::now();
        let node = |_| {
            let mut book = PresenceBook::new(GRACE);
            // From here on it hears the others.
            book.tick(now, true);
            Node { book, told: Seen::new(), is_alive: true }
        };
        Self { nodes: (0..NODES).map(node).collect(), now, tabs: BTreeMap::new(), until: BTreeMap::new() }
    }

    fn id(node: usize) -> Uuid {
        Uuid::from_u128(100 + node as u128)
    }

    fn tell(&mut self, node: usize, news: News) {
        let told = &mut self.nodes[node].told;
        for notice in news.notices {
            match notice {
                Notice::Online { person, .. } => {
                    assert_eq!(told.insert(person.id, vec![]), None, "nobody comes twice");
                }
                Notice::Offline { user, .. } => assert!(told.remove(&user).is_some(), "nobody leaves twice"),
                Notice::Views { shown, .. } => {
                    let before = told.insert(shown.person.id, shown.views.clone());
                    assert!(before.is_some_and(|before| before != shown.views), "only what is new is told");
                }
            }
        }
        for presence in news.of_here {
            self.others_hear(node, |book, now| book.hear_person(Self::id(node), &presence, now));
        }
    }

    fn others_hear(&mut self, node: usize, mut hear: impl FnMut(&mut PresenceBook, Instant) -> News) {
        for other in (0..NODES).filter(|other| *other != node) {
            if self.nodes[other].is_alive {
                let news = hear(&mut self.nodes[other].book, self.now);
                assert_eq!(news.of_here, [], "what others say is not said again");
                self.tell(other, news);
            }
        }
    }

    fn apply(&mut self, act: Act) {
        let now = self.now;
        match act {
            Act::Join { node, .. } | Act::Show { node, .. } | Act::Leave { node, .. } if !self.nodes[node].is_alive => {
            }
            Act::Join { node, user, tab } => {
                self.tabs.entry((node, user, tab)).or_default();
                self.until.remove(&(node, user));
                let news = self.nodes[node].book.join(tenant(), &person(user), Uuid::from_u128(tab));
                self.tell(node, news);
            }
            Act::Show { node, user, tab, page } => {
                self.tabs.insert((node, user, tab), page.map(view));
                self.until.remove(&(node, user));
                let id = Uuid::from_u128(tab);
                let news = self.nodes[node].book.show(tenant(), &person(user), id, page.map(view));
                self.tell(node, news);
            }
            Act::Leave { node, user, tab } => {
                let was_open = self.tabs.remove(&(node, user, tab)).is_some();
                if was_open && !self.tabs.keys().any(|(n, u, _)| (*n, *u) == (node, user)) {
                    self.until.insert((node, user), now + GRACE);
                }
                let news = self.nodes[node].book.leave(person(user).id, Uuid::from_u128(tab), now);
                self.tell(node, news);
            }
            Act::Pass { steps } => (0..steps).for_each(|_| self.pass()),
            Act::Whole { node } if self.nodes[node].is_alive => {
                let people = self.nodes[node].book.people_here();
                self.others_hear(node, |book, now| book.hear_people(Self::id(node), &people, now));
            }
            // The last node has nobody to tell it, and stays.
            Act::Stop { node } | Act::Kill { node } if !self.may_end(node) => {}
            Act::Stop { node } => {
                self.end(node, now + GRACE, true);
                self.others_hear(node, |book, now| book.hear_goodbye(Self::id(node), now));
            }
            Act::Kill { node } => self.end(node, now + SILENCE, false),
            Act::Whole { .. } => {}
        }
    }

    fn may_end(&self, node: usize) -> bool {
        self.nodes[node].is_alive && self.nodes.iter().filter(|node| node.is_alive).count() > 1
    }

    /// Those who are at a node that ends are there until the others think that they are gone.
    fn end(&mut self, node: usize, until: Instant, clears: bool) {
        self.nodes[node].is_alive = false;
        for ((n, user, _), view) in self.tabs.iter_mut().filter(|((n, ..), _)| *n == node) {
            self.until.insert((*n, *user), until);
            if clears {
                *view = None;
            }
        }
        self.until.iter_mut().filter(|((n, _), _)| *n == node).for_each(|(_, end)| *end = until);
    }

    fn pass(&mut self) {
        self.now += STEP;
        let now = self.now;
        for node in 0..NODES {
            if self.nodes[node].is_alive {
                let news = self.nodes[node].book.tick(now, true);
                self.tell(node, news);
                self.others_hear(node, |book, now| {
                    book.hear(Self::id(node), now);
                    News::default()
                });
            }
        }
        let gone: Vec<_> = self.until.iter().filter(|(_, until)| **until <= now).map(|(key, _)| *key).collect();
        for (node, user) in gone {
            self.until.remove(&(node, user));
            self.tabs.retain(|(n, u, _), _| (*n, *u) != (node, user));
        }
    }

    fn expected(&self) -> Seen {
        let mut seen: BTreeMap<UserId, BTreeSet<View>> = BTreeMap::new();
        for ((_, user, _), view) in &self.tabs {
            seen.entry(person(*user).id).or_default().extend(view.clone());
        }
        for (_, user) in self.until.keys() {
            seen.entry(person(*user).id).or_default();
        }
        seen.into_iter().map(|(user, views)| (user, views.into_iter().collect())).collect()
    }
}

proptest! {
    #[test]
    fn every_node_knows_and_its_staff_were_told_who_is_there(acts in proptest::collection::vec(act(), 1..60)) {
        let mut cluster = Cluster::new();
        for act in acts {
            cluster.apply(act.clone());
            let expected = cluster.expected();
            for node in cluster.nodes.iter().filter(|node| node.is_alive) {
                prop_assert_eq!(&listed(&node.book), &expected, "the list after {:?}", act);
                prop_assert_eq!(&node.told, &expected, "the notices after {:?}", act);
            }
        }
    }
}

fn elsewhere(user: u128, is_online: bool) -> Presence {
    Presence { tenant: tenant(), is_online, shown: PresenceUpdate { person: person(user), views: vec![] } }
}

#[test]
fn the_people_of_another_tenant_are_not_in_the_list() {
    let mut book = PresenceBook::new(GRACE);
    book.join(tenant(), &person(1), Uuid::from_u128(1));
    let foreign = Presence { tenant: TenantId(Uuid::from_u128(8)), ..elsewhere(2, true) };
    book.hear_people(Uuid::from_u128(9), &[foreign], Instant::now());
    assert_eq!(listed(&book).into_keys().collect::<Vec<_>>(), [person(1).id]);
    assert_eq!(book.list(TenantId(Uuid::from_u128(8))).len(), 1);
}

#[test]
fn nobody_is_swept_by_a_node_that_can_not_hear_the_others() {
    let (mut book, start) = (PresenceBook::new(GRACE), Instant::now());
    book.tick(start, true);
    book.hear_people(Uuid::from_u128(9), &[elsewhere(1, true)], start);
    let at = |seconds: u64| start + Duration::from_secs(seconds);
    for second in 1..60 {
        assert_eq!(book.tick(at(second), false), News::default());
    }
    // Once it hears them again, they have as long as ever to be heard.
    for second in 60..75 {
        assert_eq!(book.tick(at(second), true), News::default(), "{second}");
    }
    assert_eq!(book.tick(at(75), true).notices, [Notice::Offline { tenant: tenant(), user: person(1).id }]);
}

#[test]
fn a_node_that_slept_takes_nobody_for_silent() {
    let (mut book, start) = (PresenceBook::new(GRACE), Instant::now());
    book.tick(start, true);
    book.hear_people(Uuid::from_u128(9), &[elsewhere(1, true)], start);
    assert_eq!(book.tick(start + Duration::from_secs(60), true), News::default());
    assert_eq!(listed(&book).len(), 1);
}

#[test]
fn a_node_that_said_goodbye_is_not_believed_to_be_back() {
    let (mut book, now, node) = (PresenceBook::new(GRACE), Instant::now(), Uuid::from_u128(9));
    book.hear_people(node, &[elsewhere(1, true)], now);
    book.hear_goodbye(node, now);
    assert_eq!(book.hear_person(node, &elsewhere(2, true), now), News::default());
    assert_eq!(book.hear_people(node, &[elsewhere(2, true)], now), News::default());
    assert_eq!(book.tick(now + GRACE, true).notices, [Notice::Offline { tenant: tenant(), user: person(1).id }]);
}
