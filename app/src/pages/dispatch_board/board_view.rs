//! How the board is looked at: which loads, in which order, in which groups, how dense, as lanes or along time. All of
//! it stands in the address, so that a link shows the same board to whoever opens it.

use crate::domain::{load_filter::LoadFilter, status::Lane};
use leptos_router::{location::Url, params::ParamsMap};

/// Writes an enum of choices, each with its word in addresses and its label. The first is what is meant unless said.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident {
        $first:ident $first_code:literal $first_label:literal,
        $($choice:ident $code:literal $label:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name {
            #[default]
            $first,
            $($choice,)*
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$name::$first, $($name::$choice,)*];

            /// As it stands in addresses.
            pub const fn code(self) -> &'static str {
                match self {
                    $name::$first => $first_code,
                    $($name::$choice => $code,)*
                }
            }

            /// As a person reads it.
            pub const fn label(self) -> &'static str {
                match self {
                    $name::$first => $first_label,
                    $($name::$choice => $label,)*
                }
            }

            fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.code() == code)
            }
        }
    };
}

choices! {
    /// Lanes side by side, or a line of time for each carrier.
    Layout {
        Lanes "lanes" "Lanes",
        Timeline "timeline" "Timeline",
    }
}

choices! {
    /// How much time the timeline shows at once.
    Zoom {
        ThreeDays "3days" "3 days",
        Day "day" "Day",
        Week "week" "Week",
    }
}

choices! {
    /// What stands together in a lane.
    Grouping {
        None "none" "No groups",
        Carrier "carrier" "Carrier",
        Customer "customer" "Customer",
        Equipment "equipment" "Equipment",
        Dispatcher "dispatcher" "Dispatcher",
    }
}

choices! {
    /// What a lane is sorted by.
    Sorting {
        Urgency "urgency" "Urgency",
        Pickup "pickup" "Pickup",
        Delivery "delivery" "Delivery",
        InStatus "in_status" "Longest in status",
        Updated "updated" "Last change",
        Number "number" "Load number",
        Customer "customer" "Customer",
    }
}

choices! {
    /// How much of a load is shown.
    Density {
        Cards "cards" "Cards",
        Rows "rows" "Rows",
    }
}

/// How the board is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardView {
    pub filter: LoadFilter,
    pub layout: Layout,
    pub zoom: Zoom,
    pub grouping: Grouping,
    pub density: Density,
    sortings: [Sorting; 6],
}

impl BoardView {
    pub fn sorting(&self, lane: Lane) -> Sorting {
        self.sortings[lane as usize]
    }

    pub fn sort(&mut self, lane: Lane, sorting: Sorting) {
        self.sortings[lane as usize] = sorting;
    }

    /// From an address. What it does not know, or what is no value of it, is passed over: an old link still opens.
    pub fn read(query: &ParamsMap) -> Self {
        let mut view = Self::default();
        for (name, value) in query.clone() {
            match &*name {
                "layout" => view.layout = Layout::from_code(&value).unwrap_or_default(),
                "zoom" => view.zoom = Zoom::from_code(&value).unwrap_or_default(),
                "group" => view.grouping = Grouping::from_code(&value).unwrap_or_default(),
                "density" => view.density = Density::from_code(&value).unwrap_or_default(),
                "sort" => {
                    let sorting = value.split_once(':');
                    let known = sorting.and_then(|(lane, by)| Lane::from_code(lane).zip(Sorting::from_code(by)));
                    if let Some((lane, by)) = known {
                        view.sort(lane, by);
                    }
                }
                _ => {
                    let _ = view.filter.take(&name, &value);
                }
            }
        }
        view
    }

    /// As it stands in an address; what is usual is left out.
    pub fn query(&self) -> ParamsMap {
        let mut query = ParamsMap::new();
        for (name, value) in self.filter.pairs() {
            query.insert(name, value);
        }
        let mut unusual = |name: &'static str, code: &'static str, usual: bool| {
            if !usual {
                query.insert(name, code.to_owned());
            }
        };
        unusual("layout", self.layout.code(), self.layout == Layout::default());
        unusual("zoom", self.zoom.code(), self.zoom == Zoom::default());
        unusual("group", self.grouping.code(), self.grouping == Grouping::default());
        unusual("density", self.density.code(), self.density == Density::default());
        for lane in Lane::ALL {
            let by = self.sorting(lane);
            if by != Sorting::default() {
                query.insert("sort", format!("{}:{}", lane.code(), by.code()));
            }
        }
        query
    }

    /// As its address says it, which leaves out what means nothing: a space after the last word.
    pub fn as_written(&self) -> Self {
        Self::read(&self.query())
    }

    /// From what stands after the question mark of an address.
    pub fn parse(query: &str) -> Self {
        let mut params = ParamsMap::new();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            // The map undoes what the value was written with by itself.
            params.insert(Url::unescape(name), value.replace('+', " "));
        }
        Self::read(&params)
    }

    /// What stands after the question mark of its address.
    pub fn query_string(&self) -> String {
        self.query().to_query_string().trim_start_matches('?').to_owned()
    }

    /// The address of the board in this view.
    pub fn address(&self) -> String {
        format!("/dispatch{}", self.query().to_query_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_survives_the_address() {
        let mut view = BoardView { layout: Layout::Timeline, grouping: Grouping::Carrier, ..BoardView::default() };
        view.density = Density::Rows;
        view.zoom = Zoom::Week;
        view.filter.text = "acme & sons".into();
        view.filter.customers = ["R,R".to_owned(), "Löwe".to_owned()].into();
        view.sort(Lane::InTransit, Sorting::Delivery);
        assert_eq!(BoardView::read(&view.query()), view);
        assert_eq!(BoardView::parse(&view.query_string()), view);
        assert!(view.address().starts_with("/dispatch?q="), "{}", view.address());
    }

    #[test]
    fn a_text_that_is_still_being_typed_is_the_one_in_the_address() {
        let typed = |text: &str| BoardView {
            filter: LoadFilter { text: text.into(), ..LoadFilter::default() },
            ..BoardView::default()
        };
        for (text, written) in [("prairie ", "prairie"), (" prairie  dallas", "prairie  dallas"), ("  ", "")] {
            let view = typed(text);
            assert_eq!(view.as_written(), typed(written));
            assert_eq!(BoardView::parse(&view.query_string()), view.as_written(), "what the address gives");
            assert_eq!(view.as_written().as_written(), view.as_written());
        }
    }

    #[test]
    fn the_usual_view_has_a_plain_address_and_nonsense_is_passed_over() {
        assert_eq!(BoardView::default().address(), "/dispatch");
        let mut query = ParamsMap::new();
        for (name, value) in [("layout", "sphere"), ("sort", "nowhere:up"), ("status", "LOST"), ("utm", "x")] {
            query.insert(name, value.to_owned());
        }
        assert_eq!(BoardView::read(&query), BoardView::default());
        for nonsense in ["", "&&", "=", "q", "status=%zz&x=%"] {
            assert_eq!(BoardView::parse(nonsense), BoardView::default(), "{nonsense}");
        }
    }
}
