//! What can be done on the board: one table, which the menus, the keyboard, the list of keys and the command palette read.
//!
//! `key` matches and writes keys, `fit` says whether a deed may be done to the loads in hand, and `run` does it.

mod fit;
mod key;
mod run;

pub use fit::Grip;
pub use key::{Key, Press, With};

use crate::domain::status::Lane;

/// Something that can be done to loads, or on the board at large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Details,
    Expand,
    Page,
    Menu,
    CopyNumber,
    Move,
    To(Lane),
    Undo,
    Assign,
    Tender,
    Dispatch,
    CheckCall,
    Claim,
    Hot,
    Walk,
    Ends,
    Select,
    Extend,
    SelectAll,
    Export,
    NewLoad,
    Filter,
    Pause,
    Palette,
    Keys,
    Close,
}

/// What stands together in menus and in the list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Load,
    Moving,
    Work,
    Choosing,
    Around,
    Board,
}

impl Group {
    pub const ALL: [Group; 6] = [Group::Load, Group::Moving, Group::Work, Group::Choosing, Group::Around, Group::Board];

    pub const fn label(self) -> &'static str {
        match self {
            Group::Load => "A load",
            Group::Moving => "Moving loads",
            Group::Work => "Working loads",
            Group::Choosing => "Choosing loads",
            Group::Around => "Getting around",
            Group::Board => "The board",
        }
    }
}

/// What a deed is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// One load.
    Load,
    /// One load or many.
    Loads,
    /// The card that has the focus; without one it is nothing.
    Focus,
    Board,
}

/// A line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub deed: Deed,
    /// What it is called where no load is looked at. With loads in hand, [`Grip::name`] says it.
    pub name: &'static str,
    pub group: Group,
    pub object: Object,
    pub keys: &'static [Key],
    /// How the pointer does the same, where that is not a menu.
    pub pointer: &'static str,
    pub in_menu: bool,
    pub in_palette: bool,
}

impl Entry {
    const fn new(deed: Deed, name: &'static str, group: Group, object: Object, keys: &'static [Key]) -> Self {
        Self { deed, name, group, object, keys, pointer: "", in_menu: false, in_palette: false }
    }

    const fn by(self, pointer: &'static str) -> Self {
        Self { pointer, ..self }
    }

    /// Listed in the menu of a card and in the palette.
    const fn listed(self) -> Self {
        Self { in_menu: true, in_palette: true, ..self }
    }

    const fn found(self) -> Self {
        Self { in_palette: true, ..self }
    }

    /// Done to loads, as opposed to the board.
    pub fn is_of_loads(&self) -> bool {
        self.object != Object::Board
    }

    /// The first of its keys as written, for menus and tooltips.
    pub fn shortcut(&self) -> String {
        self.keys.first().map(|key| key.label()).unwrap_or_default()
    }
}

const fn plain(key: &'static str) -> Key {
    Key { with: With::Nothing, key }
}

const fn ctrl(key: &'static str) -> Key {
    Key { with: With::Ctrl, key }
}

const fn shift(key: &'static str) -> Key {
    Key { with: With::Shift, key }
}

const WALK: &[Key] = &[plain("ArrowUp"), plain("ArrowDown"), plain("ArrowLeft"), plain("ArrowRight")];
const EXTEND: &[Key] = &[shift("ArrowUp"), shift("ArrowDown")];

/// Everything that can be done, in the order in which it is listed.
pub const TABLE: &[Entry] = {
    use Deed::*;
    use Group as G;
    use Object as O;
    &[
        Entry::new(Details, "Open or close details", G::Load, O::Load, &[plain(" ")]).by("Click").listed(),
        Entry::new(Expand, "Expand or collapse card", G::Load, O::Load, &[plain("v")]).by("Arrow on the card").found(),
        Entry::new(Page, "Open load page", G::Load, O::Load, &[plain("o")]).listed(),
        Entry::new(Menu, "Open menu of a load", G::Load, O::Focus, &[shift("F10"), plain("ContextMenu")])
            .by("Right click"),
        Entry::new(CopyNumber, "Copy load number", G::Load, O::Loads, &[plain("y")]).listed(),
        Entry::new(Move, "Move to…", G::Moving, O::Loads, &[plain("m"), plain("Enter")]).listed(),
        Entry::new(To(Lane::Unassigned), "Move to Unassigned", G::Moving, O::Loads, &[plain("1")]).found(),
        Entry::new(To(Lane::Tendered), "Move to Tendered", G::Moving, O::Loads, &[plain("2")]).found(),
        Entry::new(To(Lane::Dispatched), "Move to Dispatched", G::Moving, O::Loads, &[plain("3")]).found(),
        Entry::new(To(Lane::InTransit), "Move to In Transit", G::Moving, O::Loads, &[plain("4")]).found(),
        Entry::new(To(Lane::Delivered), "Move to Delivered", G::Moving, O::Loads, &[plain("5")]).found(),
        Entry::new(To(Lane::Completed), "Move to Completed", G::Moving, O::Loads, &[plain("6")]).found(),
        Entry::new(Undo, "Undo last move", G::Moving, O::Board, &[ctrl("z"), plain("u")]).found(),
        Entry::new(Assign, "Assign carrier", G::Work, O::Loads, &[plain("a")]).listed(),
        Entry::new(Tender, "Tender", G::Work, O::Loads, &[plain("t")]).listed(),
        Entry::new(Dispatch, "Dispatch", G::Work, O::Loads, &[plain("d")]).listed(),
        Entry::new(CheckCall, "Log check call", G::Work, O::Load, &[plain("c")]).listed(),
        Entry::new(Claim, "Claim or release", G::Work, O::Loads, &[plain("i")]).listed(),
        Entry::new(Hot, "Mark hot, or take the mark away", G::Work, O::Loads, &[plain("h")]).listed(),
        Entry::new(Select, "Select or deselect", G::Choosing, O::Load, &[plain("x")]).by("Ctrl+click").listed(),
        Entry::new(Extend, "Select the next ones, too", G::Choosing, O::Focus, EXTEND).by("Shift+click"),
        Entry::new(SelectAll, "Select all in lane; again: on the board", G::Choosing, O::Board, &[ctrl("a")]).found(),
        Entry::new(Export, "Export CSV", G::Choosing, O::Board, &[plain("e")]).found(),
        Entry::new(Walk, "Next card, next lane", G::Around, O::Focus, WALK),
        Entry::new(Ends, "First and last card of a lane", G::Around, O::Focus, &[plain("Home"), plain("End")]),
        Entry::new(Filter, "Filter", G::Around, O::Board, &[plain("/")]).found(),
        Entry::new(Palette, "Find loads and commands", G::Around, O::Board, &[ctrl("k")]),
        Entry::new(Close, "Close details, clear selection, collapse cards", G::Around, O::Board, &[plain("Escape")]),
        Entry::new(NewLoad, "New load", G::Board, O::Board, &[plain("n")]).found(),
        Entry::new(Pause, "Hold or resume updates", G::Board, O::Board, &[plain("p")]).found(),
        Entry::new(Keys, "Show keys", G::Board, O::Board, &[plain("?")]).found(),
    ]
};

/// The line of a deed.
pub fn entry(deed: Deed) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.deed == deed)
}

/// The key of a deed as written.
pub fn shortcut(deed: Deed) -> String {
    entry(deed).map(Entry::shortcut).unwrap_or_default()
}

#[cfg(test)]
#[path = "deeds/table_tests.rs"]
mod tests;
