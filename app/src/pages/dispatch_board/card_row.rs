//! A load in one line, where loads are shown in rows: what there is no room for shows on hover and in the details.

use super::{
    card::{mark, tender_countdown, visit_title},
    face::Face,
};
use crate::{
    components::{
        clock::Clock,
        icon::{Icon, icon},
        status_badge::status_class,
        urgency_mark::urgency_mark,
    },
    domain::{status::LoadStatus, stop::Place},
};
use leptos::prelude::*;

pub fn line(face: &Face, clock: Clock) -> AnyView {
    let (prefix, number) = parts(&face.number);
    let (name, visit) = face.next();
    let carrier = match &face.carrier {
        Some(carrier) => view! { <span class="row-carrier" title=carrier.clone()>{carrier.clone()}</span> }.into_any(),
        None => {
            view! { <span class="row-carrier card-unassigned" title="No carrier yet">"UNASSIGNED"</span> }.into_any()
        }
    };
    view! {
        <div class="row-line" title=face.summary.clone()>
            {urgency_mark(face.urgency)}
            <span class="card-number">
                <span class="row-prefix">{prefix.to_owned()}</span>
                {number.to_owned()}
            </span>
            <span class=status_class(face.status) title=face.status.label()>
                <span class="row-code" aria-hidden="true">{code(face.status)}</span>
                <span class="row-status">{face.status.label()}</span>
            </span>
            <span class="row-route" title=format!("{} to {}", face.origin, face.destination)>
                {place(&face.origin)}
                {icon(Icon::Arrow)}
                {place(&face.destination)}
            </span>
            <span class="row-visit" data-overdue=visit.overdue.then_some("") title=visit_title(name, visit)>
                <span class="row-short">{visit.short.clone()}</span>
                <span class="row-long">{visit.text.clone()}</span>
            </span>
            {carrier}
            <span class="row-marks">
                {face.hot.then(|| mark("card-mark mark-hot", Icon::Hot, "Hot"))}
                {face.exception.then(|| mark("card-mark mark-exception", Icon::Exception, "Exception"))}
                {face.tender_expires_at.map(|expires| tender_countdown(expires, clock))}
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

/// Two letters for a status, where there is no room for its word: colour must not be its only sign.
pub fn code(status: LoadStatus) -> String {
    let label = status.label().to_uppercase();
    match label.split_once(' ') {
        Some((first, second)) => first.chars().take(1).chain(second.chars().take(1)).collect(),
        None => label.chars().take(2).collect(),
    }
}

/// What many numbers have in common, and what tells them apart: `LD-202611-` and `00042`.
fn parts(number: &str) -> (&str, &str) {
    number.rfind('-').map_or(("", number), |at| number.split_at(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_two_letters_of_its_own() {
        let codes: std::collections::BTreeSet<String> = LoadStatus::ALL.into_iter().map(code).collect();
        assert_eq!(codes.len(), LoadStatus::ALL.len(), "{codes:?}");
        assert!(codes.contains("PU") && codes.contains("PL") && codes.iter().all(|code| code.len() == 2));
    }

    #[test]
    fn a_number_is_told_apart_by_its_end() {
        assert_eq!(parts("LD-202611-00042"), ("LD-202611-", "00042"));
        assert_eq!(parts("42"), ("", "42"));
    }
}
