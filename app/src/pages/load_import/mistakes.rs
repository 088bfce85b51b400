//! What is wrong with which row: the first of them to look at, all of them to take along.

use super::sheet::write;
use crate::{api::load_files::RowError, components::download::download_button, domain::money::grouped};
use leptos::prelude::*;
use std::borrow::Cow;

/// As many as are read on a screen; the file has all.
const SHOWN: usize = 100;

/// A table of what is wrong. The title says of what.
pub fn mistakes(title: String, errors: &[RowError]) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let mut file = String::from("row,column,problem\n");
    for error in errors {
        let cells = [error.row.to_string(), error.column.clone().unwrap_or_default(), error.message.clone()];
        write(&mut file, cells.iter().map(|cell| Cow::Borrowed(cell.as_str())));
    }
    let rows = errors.iter().take(SHOWN).map(|error| {
        view! {
            <tr data-row=error.row.to_string()>
                <th scope="row">{error.row.to_string()}</th>
                <td><code>{error.column.clone().unwrap_or_else(|| "–".into())}</code></td>
                <td>{error.message.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let more = errors.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| {
        let text = format!("and {} more; the downloaded list has them all.", grouped(more as u64));
        view! { <p class="form-quiet">{text}</p> }
    });
    view! {
        <section class="form-part" aria-labelledby="mistakes-title">
            <header class="form-part-head">
                <h2 id="mistakes-title">{title}</h2>
                {download_button("import-problems.csv", "Download the list", &file)}
            </header>
            <div class="import-scroll" tabindex="0" role="region" aria-label="Table of the rows">
                <table class="import-table" data-mistakes>
                    <thead>
                        <tr>
                            <th scope="col">"Row"</th>
                            <th scope="col">"Column"</th>
                            <th scope="col">"What is wrong"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="form-quiet">"The line with the names of the columns is row 1; empty lines don't count."</p>
            {more}
        </section>
    }
    .into_any()
}
