//! The shape of urgency: filled diamond late, half circle at risk, ring on time. Told apart without colour.

use crate::domain::urgency::Urgency;
use leptos::prelude::*;

/// The shape itself, for those who draw it within a drawing of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrgencyShape {
    /// Carries the colour.
    pub class: &'static str,
    pub code: &'static str,
    /// Paths on a grid of 12 by 12; the fill is empty for a ring.
    pub outline: &'static str,
    pub fill: &'static str,
}

pub const fn urgency_shape(urgency: Urgency) -> UrgencyShape {
    const DIAMOND: &str = "M6 .8 11.2 6 6 11.2.8 6z";
    const RING: &str = "M6 11A5 5 0 1 0 6 1a5 5 0 0 0 0 10z";
    let (class, code, outline, fill) = match urgency {
        Urgency::Late => ("urgency urgency-late", "late", DIAMOND, DIAMOND),
        Urgency::AtRisk => ("urgency urgency-at-risk", "at-risk", RING, "M6 1a5 5 0 0 0 0 10z"),
        Urgency::Over => ("urgency", "over", "", ""),
        Urgency::OnTime => ("urgency urgency-on-time", "on-time", RING, ""),
    };
    UrgencyShape { class, code, outline, fill }
}

/// Draws the shape, with its word on hover. Whoever uses it says the word to screen readers.
pub fn urgency_mark(urgency: Urgency) -> AnyView {
    let UrgencyShape { class, outline, fill, .. } = urgency_shape(urgency);
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
