//! Views of the board that are at hand by name: those that everybody has, and those that a person has saved.

use super::{board_view::BoardView, freshness::why, tools::Tools};
use crate::{
    api::{ApiError, presets::Preset},
    domain::{id::PresetId, load_filter::LoadFilter},
};
use leptos::prelude::*;

/// A filter that everybody has at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Says something to the staff alone: others see no loads without a carrier, and dispatch none.
    pub of_staff: bool,
    query: &'static str,
}

/// In the order of the bar.
pub const BUILT_IN: [BuiltIn; 5] = [
    BuiltIn { name: "My loads", meaning: "Loads that you dispatch", of_staff: true, query: "dispatcher=me" },
    BuiltIn {
        name: "Picking up today",
        meaning: "Loads with a pickup window today",
        of_staff: false,
        query: "pickup=today",
    },
    BuiltIn { name: "Unassigned", meaning: "Loads without a carrier", of_staff: true, query: "carrier=none" },
    BuiltIn {
        name: "At risk",
        meaning: "Loads that are late or at risk",
        of_staff: false,
        query: "priority=at_risk&priority=late",
    },
    BuiltIn { name: "Hot", meaning: "Loads marked as hot", of_staff: false, query: "priority=hot" },
];

impl BuiltIn {
    pub fn filter(self) -> LoadFilter {
        BoardView::parse(self.query).filter
    }
}

/// A view that can be shown by name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedView {
    pub name: String,
    /// The preset of the person that it is; `None` for what everybody has.
    pub saved: Option<Preset>,
    shows: Shows,
}

#[derive(Debug, Clone, PartialEq)]
enum Shows {
    /// These loads, otherwise as the board is looked at now.
    Loads(LoadFilter),
    Whole(BoardView),
}

impl NamedView {
    fn built_in(preset: BuiltIn) -> Self {
        Self { name: preset.name.to_owned(), saved: None, shows: Shows::Loads(preset.filter()) }
    }

    fn saved(preset: Preset) -> Self {
        let shows = Shows::Whole(BoardView::parse(&preset.query));
        Self { name: preset.name.clone(), saved: Some(preset), shows }
    }

    /// Which loads it shows.
    pub fn filter(&self) -> &LoadFilter {
        match &self.shows {
            Shows::Loads(filter) => filter,
            Shows::Whole(view) => &view.filter,
        }
    }

    /// Whether this is what is shown.
    pub fn is_shown(&self, view: &BoardView) -> bool {
        match &self.shows {
            Shows::Loads(filter) => view.filter == *filter,
            Shows::Whole(whole) => view == whole,
        }
    }
}

impl Tools {
    /// Every view that has a name: everybody's first, then one's own, the oldest first. Follows what is saved.
    pub fn named_views(self) -> Vec<NamedView> {
        let saved = self.saved.get().into_iter().map(NamedView::saved);
        BUILT_IN.into_iter().map(NamedView::built_in).chain(saved).collect()
    }

    /// Shows a view by name.
    pub fn show(self, named: &NamedView) {
        self.look(|view| match &named.shows {
            Shows::Loads(filter) => view.filter.clone_from(filter),
            Shows::Whole(whole) => view.clone_from(whole),
        });
    }

    /// Takes in the views that the person has saved, or that they could not be had.
    pub fn know_saved(self, answer: Result<Vec<Preset>, ApiError>) {
        match answer {
            Ok(saved) => {
                self.saved.try_set(saved);
                self.saved_trouble.try_set(None);
            }
            Err(error) => {
                self.saved_trouble.try_set(Some(why(&error)));
            }
        }
    }

    /// Takes in what the server says of a saved view.
    pub fn keep(self, preset: Preset) {
        self.saved.update(|saved| match saved.iter_mut().find(|one| one.id == preset.id) {
            Some(one) => *one = preset,
            None => saved.push(preset),
        });
    }

    /// Forgets a saved view.
    pub fn forget(self, preset: PresetId) {
        self.saved.update(|saved| saved.retain(|one| one.id != preset));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{status::Lane, test_cards::NOW},
        pages::dispatch_board::board_view::{Density, Sorting},
    };

    fn preset(query: &str) -> Preset {
        let id = PresetId(uuid::Uuid::nil());
        Preset { id, name: "Texas".into(), query: query.into(), created_at: NOW }
    }

    #[test]
    fn what_everybody_has_is_a_filter_each() {
        for preset in BUILT_IN {
            let pairs: Vec<String> =
                preset.filter().pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut expected: Vec<&str> = preset.query.split('&').collect();
            expected.sort_unstable_by_key(|pair| pairs.iter().position(|one| one == pair));
            assert_eq!(pairs, expected, "{}", preset.name);
        }
    }

    #[test]
    fn a_built_in_view_is_shown_whatever_the_density_and_a_saved_one_only_as_a_whole() {
        let mut view = BoardView::parse("priority=hot&density=rows&sort=tendered:pickup");
        assert_eq!((view.density, view.sorting(Lane::Tendered)), (Density::Rows, Sorting::Pickup));
        let hot = NamedView::built_in(BUILT_IN[4]);
        let saved = NamedView::saved(preset(&view.query_string()));
        assert!(hot.is_shown(&view) && saved.is_shown(&view));
        view.density = Density::Cards;
        assert!(hot.is_shown(&view) && !saved.is_shown(&view));
        assert_eq!(saved.filter(), hot.filter());
        view.filter.text = "acme".into();
        assert!(!hot.is_shown(&view));
    }
}
