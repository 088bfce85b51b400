//! The way back from a load: to the board or the list as one left it, and to the card that one came from.

use crate::domain::id::LoadId;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Where loads are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// As it stands in a link.
    pub words: &'static str,
    /// With the query that it was looked at by.
    pub address: String,
}

impl Default for Place {
    fn default() -> Self {
        Self::board()
    }
}

impl Place {
    fn board() -> Self {
        Self { words: "Back to board", address: "/dispatch".to_owned() }
    }

    /// The place that an address leads to; none for other pages.
    fn at(path: &str, query: &str) -> Option<Self> {
        let words = match path {
            "/dispatch" => Self::board().words,
            "/loads" => "Back to loads",
            _ => return None,
        };
        let query = query.trim_start_matches('?');
        let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Some(Self { words, address })
    }
}

/// Kept while one is logged in, whatever page is shown.
#[derive(Clone, Copy)]
pub struct WayBack {
    place: RwSignal<Place>,
    /// The load whose page was looked at last.
    load: StoredValue<Option<LoadId>>,
}

/// Follows the address. For the frame that all pages stand in.
pub fn provide_way_back() {
    let way = WayBack { place: RwSignal::new(Place::board()), load: StoredValue::new(None) };
    provide_context(way);
    let location = use_location();
    Effect::new(move |_| {
        let place = location.pathname.with(|path| location.search.with(|query| Place::at(path, query)));
        if let Some(place) = place {
            way.place.set(place);
        }
    });
}

impl WayBack {
    pub fn used() -> Option<Self> {
        use_context()
    }

    /// The place to go back to. Follows it.
    pub fn place(self) -> Place {
        self.place.get()
    }

    pub fn looked_at(self, load: LoadId) {
        self.load.set_value(Some(load));
    }

    /// The load that one comes back from; once.
    pub fn take_load(self) -> Option<LoadId> {
        self.load.try_update_value(Option::take).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_found_on_the_board_and_in_the_list() {
        let address = |path, query| Place::at(path, query).map(|place| place.address);
        assert_eq!(
            address("/dispatch", "?status=PENDING&group=carrier").as_deref(),
            Some("/dispatch?status=PENDING&group=carrier")
        );
        assert_eq!(address("/loads", "").as_deref(), Some("/loads"));
        assert_eq!(Place::at("/loads", "q=acme").map(|place| place.words), Some("Back to loads"));
        assert_eq!(address("/loads/new", ""), None);
    }
}
