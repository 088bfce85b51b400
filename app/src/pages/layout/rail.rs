//! The side rail: the product's mark and the screens there are.

use crate::components::icon::{Icon, icon};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label="Screens">
            <span class="rail-mark" title="Headhaul">
                {icon(Icon::Mark)}
                <span class="sr-only">"Headhaul"</span>
            </span>
            <A href="/dispatch" attr:class="rail-link">
                {icon(Icon::Board)}
                <span class="rail-tip">"Dispatch Board"</span>
            </A>
        </nav>
    }
}
