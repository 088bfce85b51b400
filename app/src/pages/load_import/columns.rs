//! What a file takes: its columns in words, and a template to begin with.

use super::sheet::write;
use crate::{api::load_files::COLUMNS, components::download::download_button};
use leptos::prelude::*;
use std::borrow::Cow;

/// Columns that only those who set rates may fill in.
const MONEY: [&str; 3] = ["revenue", "carrier_cost", "currency"];

#[component]
pub fn Columns(
    sees_money: bool,
    /// Names of facilities for the example.
    examples: Vec<String>,
) -> impl IntoView {
    let shown = move || COLUMNS.into_iter().filter(move |(name, _)| sees_money || !MONEY.contains(name));
    let mut template = String::new();
    write(&mut template, shown().map(|(name, _)| Cow::Borrowed(name)));
    let of = |place: usize| examples.get(place).or(examples.first()).cloned();
    write(&mut template, shown().map(|(name, _)| example(name, of(0), of(1))));
    let rows = shown().map(|(name, required)| {
        view! {
            <tr>
                <th scope="row"><code>{name}</code></th>
                <td>{if required { "Required" } else { "" }}</td>
                <td>{takes(name)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="form-part" aria-labelledby="columns-title">
            <header class="form-part-head">
                <h2 id="columns-title">"Columns"</h2>
                {download_button("loads-template.csv", "Download a template", &template)}
            </header>
            <div class="import-scroll" tabindex="0" role="region" aria-label="Table of the columns">
                <table class="import-table">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col"><span class="sr-only">"Required"</span></th>
                            <th scope="col">"Takes"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn takes(column: &str) -> &'static str {
    match column {
        "customer" => "Whom the load is for.",
        "equipment" => "Dry van, Reefer, Flatbed, Step deck or Power only.",
        "pickup_facility" | "delivery_facility" => "The name of a facility, as it is listed.",
        "pickup_start" | "delivery_start" => {
            "Begin of the window on the facility's clock, such as 2027-01-15 08:00; or an instant, such as 2027-01-15T14:00:00Z."
        }
        "pickup_end" | "delivery_end" => "End of the window. The same as the begin: a fixed appointment.",
        "commodity" => "What is carried.",
        "weight_lbs" => "Whole pounds.",
        "miles" => "Whole miles. Empty: estimated from the stops.",
        "references" => "Reference numbers with semicolons between them.",
        "instructions" => "For the driver.",
        "hot" => "yes or no.",
        "pickup_kind" | "delivery_kind" => {
            "FCFS or fixed. Empty: fixed where the window begins and ends at the same time."
        }
        "stops_between" => "Further stops, with semicolons between them: delivery | facility | begin | end.",
        "revenue" | "carrier_cost" => "An amount such as 1850.00. Both or neither.",
        _ => "USD, CAD or MXN; USD where empty.",
    }
}

fn example(column: &str, pickup: Option<String>, delivery: Option<String>) -> Cow<'static, str> {
    let text = match column {
        "customer" => "Prairie Paper",
        "equipment" => "Dry van",
        "pickup_facility" => return pickup.map_or("Chicago dock".into(), Cow::Owned),
        "delivery_facility" => return delivery.map_or("Dallas dock".into(), Cow::Owned),
        "pickup_start" => "2027-01-15 08:00",
        "pickup_end" => "2027-01-15 12:00",
        "delivery_start" => "2027-01-17 09:00",
        "delivery_end" => "2027-01-17 09:00",
        "commodity" => "Paper rolls",
        "weight_lbs" => "42000",
        "references" => "PO-1001; BOL-2002",
        "instructions" => "Call ahead",
        "hot" => "no",
        "revenue" => "1850.00",
        "carrier_cost" => "1500.00",
        "currency" => "USD",
        _ => "",
    };
    text.into()
}
