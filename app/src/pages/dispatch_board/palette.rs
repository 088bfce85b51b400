//! What the command palette finds on the board: loads, deeds, ways to look at it, pages and settings.

use super::{
    board_view::{Density, Grouping, Layout},
    deeds::{Deed, Group, TABLE},
    desk::{Desk, Overlay},
};
use crate::{
    components::{
        menu::Anchor,
        palette::{Choice, Finder, Palette, score, words},
        theme_switch::{Theme, use_theme},
    },
    domain::{id::LoadId, load::LoadCard, load_filter::LoadFilter},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Loads that are listed at once.
const LOADS: usize = 8;

const PAGES: [(&str, &str); 4] = [
    ("Dispatch Board", "/dispatch"),
    ("Loads", "/loads"),
    ("New load", "/loads/new"),
    ("Import loads", "/loads/import"),
];

#[component]
pub fn BoardPalette(desk: Desk) -> impl IntoView {
    let theme = use_theme();
    move || (desk.overlay.get() == Some(Overlay::Palette)).then(|| palette(desk, theme))
}

fn palette(desk: Desk, theme: RwSignal<Theme>) -> AnyView {
    // What it acts on is what was in hand when it opened.
    let loads = match desk.selection.with_untracked(|chosen| chosen.is_empty()) {
        true => desk.active.get_untracked().filter(|load| desk.place_of(*load).is_some()).into_iter().collect(),
        false => desk.chosen(),
    };
    let find: Finder = Arc::new(move |query: &str| find(desk, theme, &loads, query));
    let close = Callback::new(move |()| desk.close_overlay());
    view! {
        <Palette
            label="Find loads and commands"
            placeholder="Load number, customer, carrier, city or command"
            hint="Enter goes to a load, Ctrl+Enter opens its page"
            find
            on_close=close
        />
    }
    .into_any()
}

/// Everything that answers to the query, best first in its group.
fn find(desk: Desk, theme: RwSignal<Theme>, loads: &[LoadId], query: &str) -> Vec<Choice> {
    let words = words(query);
    let found = loads_found(desk, &words);
    let rest = [
        ranked(deeds(desk, loads, words.is_empty()), &words),
        ranked(views(desk), &words),
        ranked(pages(desk), &words),
        ranked(settings(theme), &words),
    ];
    // A number is a load's; a word is more often a command's.
    let is_number = words.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    let (first, last) = if is_number { (found, Vec::new()) } else { (Vec::new(), found) };
    first.into_iter().chain(rest.into_iter().flatten()).chain(last).collect()
}

fn ranked(choices: Vec<Choice>, words: &[String]) -> Vec<Choice> {
    let mut scored: Vec<(u32, Choice)> = choices
        .into_iter()
        .filter_map(|choice| score(words, &format!("{} {}", choice.label, choice.group)).map(|score| (score, choice)))
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, choice)| choice).collect()
}

fn loads_found(desk: Desk, words: &[String]) -> Vec<Choice> {
    if words.is_empty() {
        return Vec::new();
    }
    let choice = |card: LoadCard| {
        let load = card.id;
        let carrier = card.carrier.map_or_else(|| "unassigned".to_owned(), |carrier| carrier.name);
        Choice {
            label: card.load_number,
            note: format!("{} · {} to {} · {} · {carrier}", card.status, card.origin, card.destination, card.customer),
            group: "Loads",
            enabled: true,
            run: Arc::new(move |open| {
                if open {
                    desk.hands.go(&format!("/loads/{load}"));
                } else {
                    desk.show(load);
                }
            }),
            ..Choice::default()
        }
    };
    desk.model().find(words, LOADS).into_iter().map(choice).collect()
}

fn deeds(desk: Desk, loads: &[LoadId], only_possible: bool) -> Vec<Choice> {
    let grip = desk.grip(loads);
    let object = match grip.cards.as_slice() {
        [] => String::new(),
        [card] => card.load_number.clone(),
        many => format!("{} loads", many.len()),
    };
    let in_hand = if grip.cards.len() > 1 { "Selected loads" } else { "This load" };
    let choice = |entry: &super::deeds::Entry| {
        let refusal = grip.refusal(entry.deed);
        let is_of_loads = entry.is_of_loads();
        let deed = entry.deed;
        let loads = loads.to_vec();
        Choice {
            label: if deed == Deed::SelectAll { "Select all in lane".to_owned() } else { grip.name(deed) },
            enabled: refusal.is_none(),
            note: refusal.unwrap_or_else(|| if is_of_loads { object.clone() } else { String::new() }),
            shortcut: entry.shortcut(),
            group: if is_of_loads { in_hand } else { "Commands" },
            run: Arc::new(move |_| desk.run_beside_card(deed, &loads)),
        }
    };
    let listed = |group: Group| {
        TABLE.iter().filter(move |entry| entry.in_palette && entry.group == group).map(choice).collect::<Vec<_>>()
    };
    let mut choices: Vec<Choice> = Group::ALL.into_iter().flat_map(listed).collect();
    choices.retain(|choice| choice.enabled || !only_possible);
    // What is done to loads stands together.
    choices.sort_by_key(|choice| choice.group == "Commands");
    choices
}

fn views(desk: Desk) -> Vec<Choice> {
    let now = desk.tools.view.get_untracked();
    let choice =
        |label: String, note: &str, change: Arc<dyn Fn(&mut super::board_view::BoardView) + Send + Sync>| Choice {
            label,
            note: note.to_owned(),
            group: "Views",
            enabled: true,
            run: Arc::new(move |_| desk.tools.look(|view| change(view))),
            ..Choice::default()
        };
    let groupings = Grouping::ALL.iter().filter(|grouping| **grouping != now.grouping).map(|grouping| {
        let label = match grouping {
            Grouping::None => "Do not group".to_owned(),
            grouping => format!("Group by {}", grouping.label().to_lowercase()),
        };
        choice(label, "", Arc::new(move |view| view.grouping = *grouping))
    });
    let densities = Density::ALL.iter().filter(|density| **density != now.density).map(|density| {
        let label = format!("Show {}", density.label().to_lowercase());
        choice(label, "", Arc::new(move |view| view.density = *density))
    });
    let layouts = Layout::ALL.iter().filter(|layout| **layout != now.layout).map(|layout| {
        let label = format!("Show {}", layout.label().to_lowercase());
        choice(label, "", Arc::new(move |view| view.layout = *layout))
    });
    let clear = (!now.filter.is_empty())
        .then(|| choice("Clear filter".into(), "", Arc::new(|view| view.filter = LoadFilter::default())));
    let named =
        untrack(|| desk.tools.named_views()).into_iter().filter(|named| !named.is_shown(&now)).map(|named| Choice {
            label: named.name.clone(),
            group: "Views",
            enabled: true,
            run: Arc::new(move |_| desk.tools.show(&named)),
            ..Choice::default()
        });
    clear.into_iter().chain(named).chain(groupings).chain(densities).chain(layouts).collect()
}

fn pages(desk: Desk) -> Vec<Choice> {
    let choice = |(label, path): (&'static str, &'static str)| Choice {
        label: label.to_owned(),
        group: "Pages",
        enabled: true,
        run: Arc::new(move |_| desk.hands.go(path)),
        ..Choice::default()
    };
    PAGES.map(choice).into()
}

fn settings(theme: RwSignal<Theme>) -> Vec<Choice> {
    let choice = |next: Theme| Choice {
        label: format!("Theme: {}", next.code()),
        group: "Settings",
        enabled: true,
        run: Arc::new(move |_| next.choose(theme)),
        ..Choice::default()
    };
    Theme::ALL.into_iter().filter(|next| *next != theme.get_untracked()).map(choice).collect()
}

impl Desk {
    /// Leads to the card of a load; a filter that hides it is taken away. What has left the board has a page.
    pub fn show(self, load: LoadId) {
        if self.model().lane_of(load).is_none() {
            return self.hands.go(&format!("/loads/{load}"));
        }
        if !self.has_place(load) {
            self.tools.look(|view| view.filter = LoadFilter::default());
            self.toasts.notice("The filter was cleared to show the load.");
        }
        self.focus(load);
    }

    /// Does a deed; what opens beside something opens beside the card.
    fn run_beside_card(self, deed: Deed, loads: &[LoadId]) {
        let card = loads
            .first()
            .and_then(|load| document().query_selector(&format!("[data-id=\"{load}\"] .card-move")).ok().flatten());
        let anchor = card.map(|card| Anchor::of(&card)).unwrap_or_default();
        self.run(deed, loads, anchor);
    }
}
