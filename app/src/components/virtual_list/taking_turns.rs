//! The lists of a page take turns: those that had to leave rows out are asked again in the next frame.

use super::Item;
use leptos::prelude::*;
use std::ops::Range;
use uuid::Uuid;

/// The place of one list among those of the page.
#[derive(Clone, Copy)]
pub struct Turns {
    /// Changes when it is the list's turn again.
    turn: RwSignal<u32>,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server renders all rows at once"))]
    list: usize,
}

#[cfg(feature = "hydrate")]
mod page {
    use crate::components::virtual_list::pace::Frame;
    use leptos::prelude::*;
    use std::cell::{Cell, RefCell};

    thread_local! {
        pub static FRAME: RefCell<Frame> = const { RefCell::new(Frame::NEW) };
        pub static NEXT_LIST: Cell<usize> = const { Cell::new(0) };
        static LISTS: RefCell<Vec<(usize, RwSignal<u32>)>> = const { RefCell::new(Vec::new()) };
        static IS_AWAITED: Cell<bool> = const { Cell::new(false) };
    }

    pub fn add(list: usize, turn: RwSignal<u32>) {
        LISTS.with_borrow_mut(|lists| lists.push((list, turn)));
        on_cleanup(move || {
            LISTS.with_borrow_mut(|lists| lists.retain(|(known, _)| *known != list));
            FRAME.with_borrow_mut(|frame| frame.forget(list));
        });
    }

    pub fn await_next() {
        if IS_AWAITED.replace(true) {
            return;
        }
        request_animation_frame(|| {
            IS_AWAITED.set(false);
            let next = FRAME.with_borrow_mut(|frame| frame.next());
            let turns = LISTS.with_borrow(|lists| {
                let is_next = |list: &usize| next.contains(list);
                lists.iter().filter(|(list, _)| is_next(list)).map(|(_, turn)| *turn).collect::<Vec<_>>()
            });
            for turn in turns {
                let _ = turn.try_update(|turn| *turn = turn.wrapping_add(1));
            }
        });
    }
}

impl Turns {
    /// Joins the lists of the page, as long as the component that calls this is shown.
    pub fn take() -> Self {
        let turn = RwSignal::new(0);
        #[cfg(feature = "hydrate")]
        let list = {
            let list = page::NEXT_LIST.replace(page::NEXT_LIST.get() + 1);
            page::add(list, turn);
            list
        };
        #[cfg(not(feature = "hydrate"))]
        let list = 0;
        Self { turn, list }
    }

    /// Leaves those rows out that this frame can't make; follows when they can be. `keep` is never left out.
    #[cfg_attr(not(feature = "hydrate"), allow(unused_variables, clippy::ptr_arg))]
    pub fn thin(self, items: Vec<Item>, before: &[Item], in_view: &Range<usize>, keep: Option<Uuid>) -> Vec<Item> {
        self.turn.track();
        #[cfg(not(feature = "hydrate"))]
        return items;
        #[cfg(feature = "hydrate")]
        {
            let rows: Vec<_> = items.iter().filter_map(Item::row).collect();
            let is_made =
                |id: Uuid| keep == Some(id) || before.iter().filter_map(Item::row).any(|(_, made)| made == id);
            let now = crate::components::clock::wall_millis();
            let left_out = page::FRAME.with_borrow_mut(|frame| {
                let left_out = frame.thin(self.list, &rows, in_view, is_made, now);
                if frame.is_begun() {
                    page::await_next();
                }
                left_out
            });
            items.into_iter().filter(|item| item.row().is_none_or(|(_, id)| !left_out.contains(&id))).collect()
        }
    }
}
