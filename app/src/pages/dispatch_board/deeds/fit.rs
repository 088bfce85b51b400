//! Whether a deed may be done to the loads in hand, what it is called then, and else why not.

use super::{Deed, Object, entry};
use crate::{
    components::sentence::sentence,
    domain::{
        id::LoadId,
        load::LoadCard,
        role::Permission,
        status::{Lane, LoadStatus},
    },
    pages::dispatch_board::judgement::{Judgement, Landing, Viewer, judge, landing_by_key, steps},
};

/// The loads in hand, and who holds them.
pub struct Grip {
    pub viewer: Viewer,
    pub cards: Vec<LoadCard>,
    /// Those of them that are on their way to another status, and to which: what is done to them waits for the answer.
    pub moving: Vec<(LoadId, LoadStatus)>,
    /// They are chosen already.
    pub selected: bool,
    /// There is a move of one's own to take back.
    pub can_undo: bool,
    /// Updates are held.
    pub paused: bool,
}

const ONE_AT_A_TIME: &str = "For one load at a time";
const NONE: &str = "Choose a load first";
const NO_RIGHT: &str = "Your role may not change loads";

impl Grip {
    /// What the deed does to what is in hand.
    pub fn name(&self, deed: Deed) -> String {
        let one = |words: &str| words.to_owned();
        match deed {
            Deed::Claim => match (self.claimer(), self.cards.as_slice()) {
                (Claimer::Me, _) => one("Release claim"),
                (Claimer::Other, [card]) => {
                    format!("Take over from {}", card.claimed_by.as_ref().map_or("", |person| &person.name))
                }
                (Claimer::Other, _) => one("Take over"),
                (Claimer::Nobody, _) => one("Claim"),
            },
            Deed::Hot if self.all_hot() => one("Remove hot mark"),
            Deed::Hot => one("Mark hot"),
            Deed::Select if self.selected => one("Deselect"),
            Deed::Select => one("Select"),
            Deed::Details => one("Open details"),
            Deed::CopyNumber if self.cards.len() > 1 => one("Copy load numbers"),
            Deed::Pause if self.paused => one("Resume updates"),
            Deed::Pause => one("Hold updates"),
            deed => entry(deed).map(|entry| entry.name.to_owned()).unwrap_or_default(),
        }
    }

    /// Why the deed can't be done; `None` if it can, to one of the loads at least.
    pub fn refusal(&self, deed: Deed) -> Option<String> {
        match (entry(deed)?.object, self.cards.len()) {
            (Object::Load | Object::Loads | Object::Focus, 0) => return Some(NONE.into()),
            (Object::Load, 2..) => return Some(ONE_AT_A_TIME.into()),
            _ => {}
        }
        if changes_loads(deed)
            && let Some(to) = self.none_can(|card| self.moving_to(card.id))
        {
            return Some(format!("It is still being moved to {to}. Wait for the answer"));
        }
        let may_change = self.viewer.role.may(Permission::LoadChange);
        let needs_right = (!may_change).then(|| NO_RIGHT.to_owned());
        match deed {
            Deed::Move => self.none_can(|card| match steps(self.viewer, card).as_slice() {
                [] => Some(format!("{} is final", card.status)),
                _ => None,
            }),
            Deed::To(lane) => self.none_can(|card| self.cannot_land(card, lane)),
            Deed::Dispatch => self.none_can(|card| match judge(self.viewer, card, LoadStatus::Dispatched) {
                Judgement::Refused(refusal) => Some(sentence(&refusal.to_string())),
                _ => None,
            }),
            Deed::Assign | Deed::Tender => needs_right.or_else(|| {
                self.none_can(|card| {
                    let is_open = matches!(card.status, LoadStatus::Planning | LoadStatus::Pending);
                    (!is_open).then(|| format!("It is {} already", card.status.label().to_lowercase()))
                })
            }),
            Deed::CheckCall => (!self.viewer.may_report()).then(|| "Your role may not log check calls".to_owned()),
            Deed::Claim | Deed::Hot | Deed::NewLoad => needs_right,
            Deed::Undo => needs_right.or_else(|| (!self.can_undo).then(|| "You have moved nothing yet".to_owned())),
            _ => None,
        }
    }

    /// Where a load is on its way to.
    fn moving_to(&self, load: LoadId) -> Option<LoadStatus> {
        self.moving.iter().find(|(moving, _)| *moving == load).map(|(_, to)| *to)
    }

    /// The loads that nothing is under way with.
    pub fn at_rest(self) -> Vec<LoadCard> {
        let Self { cards, moving, .. } = self;
        cards.into_iter().filter(|card| moving.iter().all(|(load, _)| *load != card.id)).collect()
    }

    pub fn claimer(&self) -> Claimer {
        let mine = |card: &LoadCard| card.claimed_by.as_ref().is_some_and(|person| person.id == self.viewer.id);
        if self.cards.iter().all(mine) {
            Claimer::Me
        } else if self.cards.iter().all(|card| card.claimed_by.is_some()) {
            Claimer::Other
        } else {
            Claimer::Nobody
        }
    }

    pub fn all_hot(&self) -> bool {
        self.cards.iter().all(|card| card.hot)
    }

    fn cannot_land(&self, card: &LoadCard, lane: Lane) -> Option<String> {
        match landing_by_key(self.viewer, card, lane) {
            Landing::Home => Some("It is there already".into()),
            Landing::Closed(refusal) => Some(sentence(&refusal.to_string())),
            Landing::Open { .. } => None,
        }
    }

    /// The reason of the first load, if none of them can.
    fn none_can<T>(&self, why_not: impl Fn(&LoadCard) -> Option<T>) -> Option<T> {
        let mut first = None;
        for card in &self.cards {
            let reason = why_not(card)?;
            first.get_or_insert(reason);
        }
        first
    }
}

/// Whether the deed sends a change of the loads' status or opens what does. Who is on a load and whether it is hot may
/// change at any time.
const fn changes_loads(deed: Deed) -> bool {
    matches!(deed, Deed::Move | Deed::To(_) | Deed::Dispatch | Deed::Assign | Deed::Tender | Deed::CheckCall)
}

/// Who is on the loads in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimer {
    Nobody,
    Me,
    Other,
}
