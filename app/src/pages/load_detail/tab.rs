//! The parts of a load that stand one at a time, and which of them the address asks for.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Up to this width, in pixels, everything stands in one column; as in `load_detail.css`.
const NARROW: f64 = 900.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Beside the others where there is room, one of them where there is not.
    Overview,
    Timeline,
    Calls,
    Messages,
}

impl Tab {
    pub const ALL: [Tab; 4] = [Tab::Overview, Tab::Timeline, Tab::Calls, Tab::Messages];

    /// As it stands in addresses and hooks.
    pub const fn code(self) -> &'static str {
        match self {
            Tab::Overview => "overview",
            Tab::Timeline => "timeline",
            Tab::Calls => "calls",
            Tab::Messages => "messages",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Tab::Overview => "Overview",
            Tab::Timeline => "Timeline",
            Tab::Calls => "Check calls",
            Tab::Messages => "Messages",
        }
    }

    pub fn from_code(code: &str) -> Option<Tab> {
        Tab::ALL.into_iter().find(|tab| tab.code() == code)
    }

    /// The tab that is shown for what was asked for.
    pub const fn shown(asked: Option<Tab>, is_narrow: bool) -> Tab {
        match asked {
            None if is_narrow => Tab::Overview,
            None => Tab::Timeline,
            Some(Tab::Overview) if !is_narrow => Tab::Timeline,
            Some(tab) => tab,
        }
    }
}

/// The tab that is shown.
#[derive(Clone, Copy)]
pub struct Place {
    /// What the address asks for.
    pub asked: Memo<Option<Tab>>,
    /// Whether everything stands in one column. Only the browser knows.
    pub is_narrow: RwSignal<Option<bool>>,
    pub shown: Memo<Tab>,
}

impl Place {
    pub fn new() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| query.with(|query| query.get_str("tab").and_then(Tab::from_code)));
        let is_narrow = RwSignal::new(None);
        Effect::new(move |_| {
            measure(is_narrow);
            let handle = window_event_listener(leptos::ev::resize, move |_| measure(is_narrow));
            on_cleanup(move || handle.remove());
        });
        Self { asked, is_narrow, shown: Memo::new(move |_| Tab::shown(asked.get(), is_narrow.get() == Some(true))) }
    }

    /// Nobody has measured yet, and nothing but the overview was asked for: the style sheet decides what is seen.
    pub fn is_first(self) -> bool {
        self.is_narrow.with(Option::is_none) && matches!(self.asked.get(), None | Some(Tab::Overview))
    }
}

fn measure(is_narrow: RwSignal<Option<bool>>) {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    let now = width.is_some_and(|width| width <= NARROW);
    if is_narrow.try_get_untracked().is_some_and(|known| known != Some(now)) {
        is_narrow.set(Some(now));
    }
}

/// Where a key takes the focus from a tab of `count`; `None` for keys that don't move it.
pub fn next_tab(key: &str, at: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return None;
    }
    match key {
        "ArrowRight" => Some((at + 1) % count),
        "ArrowLeft" => Some((at + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overview_is_a_tab_only_where_everything_stands_in_one_column() {
        assert_eq!((Tab::shown(None, true), Tab::shown(None, false)), (Tab::Overview, Tab::Timeline));
        let overview = Some(Tab::Overview);
        assert_eq!((Tab::shown(overview, true), Tab::shown(overview, false)), (Tab::Overview, Tab::Timeline));
        assert_eq!(Tab::shown(Some(Tab::Calls), false), Tab::Calls);
    }

    #[test]
    fn every_tab_is_found_by_its_word_in_addresses() {
        for tab in Tab::ALL {
            assert_eq!(Tab::from_code(tab.code()), Some(tab));
        }
        assert_eq!(Tab::from_code("money"), None);
    }

    #[test]
    fn arrows_go_round_the_tabs() {
        assert_eq!((next_tab("ArrowRight", 2, 3), next_tab("ArrowLeft", 0, 3)), (Some(0), Some(2)));
        assert_eq!((next_tab("End", 0, 3), next_tab("a", 0, 3), next_tab("End", 0, 0)), (Some(2), None, None));
    }
}
