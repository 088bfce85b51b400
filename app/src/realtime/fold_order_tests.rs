//! That any order of what may happen folds each event once and in order, until the screen equals the source.

use super::{
    tests::{DISPATCH, at, cursors, event, state},
    *,
};
use crate::events::TENANT_STREAM;
use proptest::prelude::*;

/// The server: the streams as they were stored. Every number of an epoch stands for the event of that number.
#[derive(Debug, Clone)]
struct Source {
    epoch: u32,
    head: i64,
    /// Events up to here can't be had any more.
    forgotten: i64,
}

impl Source {
    fn epoch(&self) -> String {
        self.epoch.to_string()
    }

    fn cursor(&self) -> Cursor {
        at(&self.epoch(), self.head)
    }

    fn answer(&self, question: &GetEvents, most: i64) -> EventPage {
        let after = question.after.seq;
        if question.after.epoch != self.epoch() || after > self.head || after < self.forgotten {
            return EventPage { data: Vec::new(), cursor: self.cursor(), recovered: false, more: false };
        }
        let last = self.head.min(after + most);
        let data = (after + 1..=last).map(|seq| event(&self.epoch(), seq)).collect();
        EventPage { data, cursor: at(&self.epoch(), last), recovered: true, more: last < self.head }
    }
}

/// A screen: what it shows is a place in the source, since the state of the source is all its events in order.
struct Screen {
    fold: Fold,
    shown: Cursor,
}

impl Screen {
    fn apply(&mut self, events: impl IntoIterator<Item = Due>) {
        for (_, event) in events {
            assert_eq!(event.epoch.as_deref(), Some(self.shown.epoch.as_str()), "an event of another numbering");
            assert_eq!(event.seq, Some(self.shown.seq + 1), "not the next one");
            self.shown.seq += 1;
        }
    }
}

/// An answer that was made and has not arrived.
enum Answer {
    Snapshot(Cursor),
    Page(EventPage),
}

#[derive(Debug, Clone)]
enum Chance {
    /// The server commits an event and sends it.
    Commit,
    /// The server says where the stream stands.
    Tell,
    /// What was sent longest ago arrives, is lost, arrives twice, or is overtaken by the next.
    Arrive,
    Lose,
    Repeat,
    Overtake,
    /// The connection was lost with all that was on its way; the server replays, if it can.
    Reconnect {
        replayed: bool,
    },
    Poll,
    Refetch,
    /// The page asks what it wants to know; the server answers at that moment.
    Ask,
    /// The answer arrives, or never does.
    Answer,
    NoAnswer,
    /// The server forgets its past, or begins a new numbering.
    Forget,
    Restart,
}

fn chances() -> impl Strategy<Value = Chance> {
    prop_oneof![
        8 => Just(Chance::Commit),
        2 => Just(Chance::Tell),
        10 => Just(Chance::Arrive),
        2 => Just(Chance::Lose),
        2 => Just(Chance::Repeat),
        2 => Just(Chance::Overtake),
        2 => any::<bool>().prop_map(|replayed| Chance::Reconnect { replayed }),
        2 => Just(Chance::Poll),
        1 => Just(Chance::Refetch),
        6 => Just(Chance::Ask),
        6 => Just(Chance::Answer),
        1 => Just(Chance::NoAnswer),
        1 => Just(Chance::Forget),
        1 => Just(Chance::Restart),
    ]
}

struct World {
    source: Source,
    screen: Screen,
    wire: std::collections::VecDeque<Heard>,
    answer: Option<Answer>,
    now: i64,
}

impl World {
    fn new() -> Self {
        let source = Source { epoch: 1, head: 3, forgotten: 0 };
        let screen = Screen { fold: Fold::default(), shown: at("", 0) };
        // The first snapshot is under way from the start.
        let answer = Some(Answer::Snapshot(source.cursor()));
        Self { source, screen, wire: Default::default(), answer, now: 0 }
    }

    fn tell(&mut self, recovered: bool) {
        self.wire.push_back(state(&self.source.epoch(), self.source.head, recovered));
    }

    fn arrive(&mut self, heard: Option<Heard>) {
        if let Some(heard) = heard {
            let event = self.screen.fold.hear(&heard, self.now);
            self.screen.apply(event);
        }
    }

    fn ask(&mut self, most: i64) {
        if self.answer.is_some() {
            return;
        }
        self.answer = match self.screen.fold.next(self.now) {
            Next::Run(Job::Fetch) => Some(Answer::Snapshot(self.source.cursor())),
            Next::Run(Job::Fill(question)) => Some(Answer::Page(self.source.answer(&question, most))),
            Next::Nothing | Next::Wait(_) => None,
        };
    }

    fn answered(&mut self) {
        let events = match self.answer.take() {
            None => return,
            Some(Answer::Snapshot(cursor)) => {
                self.screen.shown = cursor.clone();
                self.screen.fold.fetched(cursors(cursor), self.now, self.now)
            }
            Some(Answer::Page(page)) => self.screen.fold.filled(page, self.now, self.now),
        };
        self.screen.apply(events);
    }

    fn happen(&mut self, chance: Chance) {
        self.now += 700;
        match chance {
            Chance::Commit => {
                self.source.head += 1;
                let event = event(&self.source.epoch(), self.source.head);
                self.wire.push_back(Heard::Event(DISPATCH, Rc::new(event)));
            }
            Chance::Tell => self.tell(true),
            Chance::Arrive => {
                let first = self.wire.pop_front();
                self.arrive(first);
            }
            Chance::Lose => drop(self.wire.pop_front()),
            Chance::Repeat => {
                let first = self.wire.front().cloned();
                self.arrive(first);
            }
            Chance::Overtake => {
                let second = self.wire.remove(1);
                self.arrive(second);
            }
            Chance::Reconnect { replayed } => self.reconnect(replayed),
            Chance::Poll => self.screen.fold.poll(),
            Chance::Refetch => self.screen.fold.refetch(),
            Chance::Ask => self.ask(2),
            Chance::Answer => self.answered(),
            // The first snapshot is loaded, and loaded again, by the page's resource.
            Chance::NoAnswer if !self.screen.fold.has_snapshot() => {}
            Chance::NoAnswer => {
                if self.answer.take().is_some() {
                    let events = self.screen.fold.failed(self.now);
                    self.screen.apply(events);
                }
            }
            Chance::Forget => self.source.forgotten = self.source.head,
            Chance::Restart => self.source = Source { epoch: self.source.epoch + 1, head: 1, forgotten: 0 },
        }
    }

    fn reconnect(&mut self, replayed: bool) {
        self.wire.clear();
        // The first snapshot is loaded, and loaded again, by the page's resource.
        if self.screen.fold.has_snapshot() {
            self.answer = None;
            let events = self.screen.fold.start_over(self.now);
            self.screen.apply(events);
        }
        let known = self.screen.fold.cursors(DISPATCH).next().map(|(_, cursor)| cursor.clone());
        let missed = known
            .filter(|_| replayed)
            .map(|after| {
                self.source.answer(&GetEvents { namespace: DISPATCH, stream: TENANT_STREAM.into(), after }, 1_000)
            })
            .filter(|page| page.recovered);
        let recovered = missed.is_some();
        for event in missed.into_iter().flat_map(|page| page.data) {
            self.wire.push_back(Heard::Event(DISPATCH, Rc::new(event)));
        }
        self.tell(recovered);
    }

    /// Nothing is lost any more: all arrives, the stream's state comes as it does every 15 s, all is answered.
    fn come_to_rest(&mut self) {
        for _ in 0..4 {
            self.tell(true);
            while let Some(heard) = self.wire.pop_front() {
                self.arrive(Some(heard));
            }
            self.answered();
            // A question that leads nowhere would be asked for ever.
            for _ in 0..200 {
                if self.screen.fold.is_settled() {
                    break;
                }
                self.now += LONGEST_PAUSE;
                self.ask(2);
                self.answered();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_event_is_folded_once_and_in_order_until_the_screen_equals_the_source(
        path in prop::collection::vec(chances(), 0..120),
    ) {
        let mut world = World::new();
        for chance in path {
            world.happen(chance);
            let place = world.screen.fold.cursors(DISPATCH).next().map(|(_, cursor)| cursor.clone());
            if let Some(place) = place {
                prop_assert_eq!(&place, &world.screen.shown, "the place is what is shown");
            }
        }
        world.come_to_rest();
        prop_assert!(world.screen.fold.is_settled());
        prop_assert_eq!(world.screen.shown, world.source.cursor());
    }

    #[test]
    fn a_screen_that_only_polls_comes_to_the_same(events in 0i64..40, page_size in 1i64..10, polls in 1usize..5) {
        let mut world = World::new();
        world.answered();
        for _ in 0..polls {
            (0..events).for_each(|_| world.happen(Chance::Commit));
            world.wire.clear();
            world.screen.fold.poll();
            while !world.screen.fold.is_settled() {
                world.ask(page_size);
                world.answered();
            }
            prop_assert_eq!(&world.screen.shown, &world.source.cursor());
        }
    }
}
