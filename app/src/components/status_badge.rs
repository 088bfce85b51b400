//! The exact status of a load: a word with a dot in the colour of the status.

use crate::domain::status::LoadStatus;
use leptos::prelude::*;

/// Class that carries a status' colour as `--status`.
pub const fn status_class(status: LoadStatus) -> &'static str {
    match status {
        LoadStatus::Planning => "badge status-planning",
        LoadStatus::Pending => "badge status-pending",
        LoadStatus::Tendered => "badge status-tendered",
        LoadStatus::Accepted => "badge status-accepted",
        LoadStatus::Dispatched => "badge status-dispatched",
        LoadStatus::AtPickup => "badge status-at-pickup",
        LoadStatus::PickedUp => "badge status-picked-up",
        LoadStatus::InTransit => "badge status-in-transit",
        LoadStatus::AtDelivery => "badge status-at-delivery",
        LoadStatus::Delivered => "badge status-delivered",
        LoadStatus::Completed => "badge status-completed",
        LoadStatus::Cancelled => "badge status-cancelled",
    }
}

pub fn status_badge(status: LoadStatus) -> AnyView {
    view! { <span class=status_class(status)>{status.label()}</span> }.into_any()
}
