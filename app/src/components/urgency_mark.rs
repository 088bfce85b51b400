//! The shape of urgency: filled diamond late, half circle at risk, ring on time. Told apart without colour.

use crate::domain::urgency::Urgency;
use leptos::prelude::*;

/// Draws the shape, with its word on hover. Whoever uses it says the word to screen readers.
pub fn urgency_mark(urgency: Urgency) -> AnyView {
    let (class, outline, fill) = match urgency {
        Urgency::Late => ("urgency urgency-late", "M6 .8 11.2 6 6 11.2.8 6z", "M6 .8 11.2 6 6 11.2.8 6z"),
        Urgency::AtRisk => ("urgency urgency-at-risk", "M6 11A5 5 0 1 0 6 1a5 5 0 0 0 0 10z", "M6 1a5 5 0 0 0 0 10z"),
        Urgency::OnTime => ("urgency urgency-on-time", "M6 11A5 5 0 1 0 6 1a5 5 0 0 0 0 10z", ""),
    };
    view! {
        <span class=class title=urgency.label()>
            <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
                <path class="urgency-outline" d=outline></path>
                <path class="urgency-fill" d=fill></path>
            </svg>
        </span>
    }
    .into_any()
}
