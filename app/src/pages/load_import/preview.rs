//! What a file would do, before it does it.

use super::{
    desk::{ImportDesk, Seen},
    mistakes::mistakes,
};
use crate::domain::money::grouped;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Preview(desk: ImportDesk, seen: Arc<Seen>) -> impl IntoView {
    let import = &seen.import;
    let bad = import.errors.len();
    let title = format!("{}: {}", seen.name, counted(import.total, "row", "rows"));
    let sentence = match (import.good, bad) {
        (0, _) => "None of its rows can be booked.".to_owned(),
        (good, 0) => format!("{} can be booked. Nothing is stored yet.", all(good)),
        (good, bad) => format!(
            "{} can be booked, {} can't and will be left out. Nothing is stored yet.",
            counted(good, "row", "rows"),
            counted(bad, "row", "rows"),
        ),
    };
    let passed_over = (!import.passed_over.is_empty()).then(|| {
        let names = import.passed_over.join(", ");
        view! { <p class="form-quiet">"Not taken over, since each load that is booked gets its own: " {names} "."</p> }
    });
    let notes = seen.sheet.notes.iter().map(|note| view! { <p class="form-quiet">{note.clone()}</p> }).collect_view();
    let good = import.good;
    let book = (good > 0).then(|| {
        let csv = seen.sheet.csv.clone();
        let words = move || {
            if desk.starting.get() {
                "Booking…".to_owned()
            } else {
                format!("Book {}", counted(good, "load", "loads"))
            }
        };
        view! {
            <button type="button" class="button button-primary" on:click=move |_| desk.start(csv.clone())>
                {words}
            </button>
        }
    });
    let table = mistakes(format!("{} left out", counted(bad, "row", "rows")), &import.errors);
    Effect::new(|_| crate::pages::load_form::focus("preview-title"));
    view! {
        <div role="alert" class="form-problems">
            {move || desk.problem.get().map(|why| view! { <p class="form-problem">{why}</p> })}
        </div>
        <section class="form-part" aria-labelledby="preview-title" data-preview>
            <h2 id="preview-title" tabindex="-1">
                {title}
            </h2>
            <dl class="import-counts">
                <div data-good=import.good.to_string()>
                    <dt>"Can be booked"</dt>
                    <dd>{grouped(import.good as u64)}</dd>
                </div>
                <div data-bad=bad.to_string()>
                    <dt>"Left out"</dt>
                    <dd>{grouped(bad as u64)}</dd>
                </div>
            </dl>
            <p>{sentence}</p>
            {notes}
            {passed_over}
            <div class="import-buttons">
                {book}
                <button type="button" class="button" on:click=move |_| desk.choose_another()>
                    "Choose another file"
                </button>
            </div>
        </section>
        {table}
    }
    .into_any()
}

fn all(count: usize) -> String {
    match count {
        1 => "Its row".into(),
        count => format!("All {} rows", grouped(count as u64)),
    }
}

/// `1 load`, `990 loads`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as u64), if count == 1 { one } else { many })
}
