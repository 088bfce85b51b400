//! A list of which one is chosen: native radio buttons, which bring their keys along.

use leptos::prelude::*;

/// `name` tells it apart from other lists of the page; a label may have a count beside it. `on_choose` gets the index of
/// what was chosen.
pub fn radio_list(
    name: &'static str,
    title: &str,
    labels: Vec<(String, Option<usize>)>,
    chosen: Signal<usize>,
    on_choose: Callback<usize>,
) -> AnyView {
    let row = |(index, (label, count)): (usize, (String, Option<usize>))| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name
                    checked=chosen.get_untracked() == index
                    prop:checked=move || chosen.get() == index
                    on:change=move |_| on_choose.run(index)
                />
                <span class="choice-label">{label}</span>
                {count.map(|count| view! { <span class="choice-count">{count} <span class="sr-only">" loads"</span></span> })}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="radio-list">
            <legend class="radio-list-title">{title.to_owned()}</legend>
            {labels.into_iter().enumerate().map(row).collect_view()}
        </fieldset>
    }
    .into_any()
}
