//! What narrows the list down: a text, a status, a kind of equipment, and whatever else the address brought along.

use super::Asked;
use crate::{
    components::icon::{Icon, icon},
    domain::{load::Equipment, load_filter::LoadFilter, status::LoadStatus},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;

/// How long after the last key the list is asked anew.
const TYPING_RESTS: Duration = Duration::from_millis(250);

/// A plain form, so that it filters before the page's program is there.
#[component]
pub fn Finder(asked: Memo<Asked>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |(filter, replace): (LoadFilter, bool)| {
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate(&Asked { filter, cursor: None }.address(), options);
    });
    let first = asked.with_untracked(|asked| asked.filter.text.clone());
    // What stands in the field. The address follows it once the typing rests, and says it without the spaces around.
    let text = RwSignal::new(first.clone());
    let written = StoredValue::new(first.trim().to_owned());
    Effect::new(move |_| {
        // What this field wrote itself must not overwrite what has been typed since.
        let found = asked.with(|asked| asked.filter.text.clone());
        if written.with_value(|written| written != found.trim()) {
            written.set_value(found.trim().to_owned());
            text.set(found);
        }
    });
    // As the address has it, with the text as it was typed meanwhile.
    let filter =
        move || LoadFilter { text: text.get_untracked(), ..asked.with_untracked(|asked| asked.filter.clone()) };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(pending) = timer.try_update_value(Option::take).flatten() {
            pending.clear();
        }
    };
    // What waited to be searched goes along.
    let narrow = move |filter: LoadFilter, replace: bool| {
        stop();
        written.set_value(filter.text.trim().to_owned());
        go.run((filter, replace));
    };
    let typed = move |event| {
        stop();
        text.set(event_target_value(&event));
        let search = move || {
            let wanted = filter();
            if asked.with_untracked(|asked| asked.filter.text.trim() != wanted.text.trim()) {
                narrow(wanted, true);
            }
        };
        timer.set_value(set_timeout_with_handle(search, TYPING_RESTS).ok());
    };
    on_cleanup(stop);
    let status = move |event| {
        let chosen = LoadStatus::from_code(&event_target_value(&event));
        narrow(LoadFilter { statuses: chosen.into_iter().collect(), ..filter() }, false);
    };
    let equipment = move |event| {
        let chosen = Equipment::from_code(&event_target_value(&event));
        narrow(LoadFilter { equipment: chosen.into_iter().collect(), ..filter() }, false);
    };
    let clear_all = move |_| {
        text.set(String::new());
        narrow(LoadFilter::default(), false);
    };
    let clear = move || {
        asked.with(|asked| !asked.filter.is_empty()).then(|| {
            view! {
                <button type="button" class="button button-small" on:click=clear_all>
                    "Clear"
                </button>
            }
        })
    };
    let others = move || {
        let others = asked.with(|asked| beyond_the_form(&asked.filter));
        (others > 0).then(|| {
            let words = if others == 1 { "1 more condition".to_owned() } else { format!("{others} more conditions") };
            view! { <span class="list-others">{words}</span> }
        })
    };
    view! {
        <form class="finder" role="search" method="get" action="/loads" on:submit=|event| event.prevent_default()>
            <div class="filter">
                <span class="filter-icon">{icon(Icon::Search)}</span>
                <input
                    class="input filter-input"
                    type="search"
                    name="q"
                    aria-label="Search loads"
                    placeholder="Number, customer, carrier, driver, city or reference"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="200"
                    value=first
                    prop:value=text
                    on:input=typed
                />
            </div>
            {choice("Status", "status", LoadStatus::ALL.map(|it| (it.code(), it.label())).to_vec(), Signal::derive(move || {
                asked.with(|asked| only(asked.filter.statuses.iter().map(|it| it.code())))
            }), Callback::new(status))}
            {choice("Equipment", "equipment", Equipment::ALL.map(|it| (it.code(), it.label())).to_vec(), Signal::derive(move || {
                asked.with(|asked| only(asked.filter.equipment.iter().map(|it| it.code())))
            }), Callback::new(equipment))}
            {others}
            {clear}
        </form>
    }
}

/// The one value that is chosen; none where there are several, which the form can't show.
fn only(mut values: impl Iterator<Item = &'static str>) -> &'static str {
    let first = values.next().unwrap_or_default();
    if values.next().is_some() { "" } else { first }
}

/// How many conditions a filter has that the form does not show.
fn beyond_the_form(filter: &LoadFilter) -> usize {
    let LoadFilter { statuses, equipment, carriers, customers, origins, destinations, dispatchers, priorities, .. } =
        filter;
    let kinds = [
        statuses.len() > 1,
        equipment.len() > 1,
        !carriers.is_empty(),
        !customers.is_empty(),
        !origins.is_empty(),
        !destinations.is_empty(),
        !dispatchers.is_empty(),
        !priorities.is_empty(),
        filter.pickup.is_some(),
        filter.delivery.is_some(),
    ];
    kinds.into_iter().filter(|is_set| *is_set).count()
}

fn choice(
    label: &'static str,
    name: &'static str,
    choices: Vec<(&'static str, &'static str)>,
    chosen: Signal<&'static str>,
    on_choose: Callback<leptos::ev::Event>,
) -> AnyView {
    let options = choices
        .into_iter()
        .map(|(code, label)| {
            view! { <option value=code selected=move || chosen.get() == code>{label}</option> }.into_any()
        })
        .collect_view();
    view! {
        <select
            class="input finder-choice"
            name=name
            aria-label=label
            prop:value=move || chosen.get()
            on:change=move |event| on_choose.run(event)
        >
            <option value="" selected=move || chosen.get().is_empty()>{format!("Any {}", label.to_lowercase())}</option>
            {options}
        </select>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_does_not_show_is_counted() {
        let mut filter = LoadFilter { text: "acme".into(), ..LoadFilter::default() };
        filter.statuses.insert(LoadStatus::Pending);
        assert_eq!(beyond_the_form(&filter), 0);
        filter.statuses.insert(LoadStatus::Tendered);
        filter.origins.insert("IL".into());
        assert_eq!(beyond_the_form(&filter), 2);
        assert_eq!(only(["a"].into_iter()), "a");
        assert_eq!(only(["a", "b"].into_iter()), "");
    }
}
