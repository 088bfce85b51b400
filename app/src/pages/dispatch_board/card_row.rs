//! A load in one line, where loads are shown in rows: what there is no room for shows on hover and in the details.

use super::{card::mark, face::Face};
use crate::{
    components::{
        icon::{Icon, icon},
        status_badge::status_class,
        urgency_mark::urgency_mark,
    },
    domain::stop::Place,
};
use leptos::prelude::*;

pub fn row(face: &Face) -> AnyView {
    let (prefix, number) = parts(&face.number);
    let overdue = face.pickup.overdue.then_some("");
    let carrier = match &face.carrier {
        Some(carrier) => view! { <span class="row-carrier">{carrier.clone()}</span> }.into_any(),
        None => view! { <span class="row-carrier card-unassigned">"UNASSIGNED"</span> }.into_any(),
    };
    view! {
        <div class="row-line" title=face.summary.clone()>
            {urgency_mark(face.urgency)}
            <span class="card-number">
                <span class="row-prefix">{prefix.to_owned()}</span>
                {number.to_owned()}
            </span>
            <span class="row-route">{place(&face.origin)} {icon(Icon::Arrow)} {place(&face.destination)}</span>
            <span class="row-pickup" data-overdue=overdue>
                <span class="row-short">{face.pickup.short.clone()}</span>
                <span class="row-long">{face.pickup.text.clone()}</span>
            </span>
            {carrier}
            <span class="row-marks">
                {face.hot.then(|| mark("card-mark mark-hot", Icon::Hot, "Hot"))}
                {face.exception.then(|| mark("card-mark mark-exception", Icon::Exception, "Exception"))}
            </span>
            <span class=status_class(face.status)>
                <span class="row-status">{face.status.label()}</span>
            </span>
        </div>
    }
    .into_any()
}

fn place(place: &Place) -> AnyView {
    view! {
        <span class="row-place">
            <span class="row-city">{format!("{}, ", place.city)}</span>
            {place.state.clone()}
        </span>
    }
    .into_any()
}

/// What many numbers have in common, and what tells them apart: `LD-202611-` and `00042`.
fn parts(number: &str) -> (&str, &str) {
    number.rfind('-').map_or(("", number), |at| number.split_at(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_apart_by_its_end() {
        assert_eq!(parts("LD-202611-00042"), ("LD-202611-", "00042"));
        assert_eq!(parts("42"), ("", "42"));
    }
}
