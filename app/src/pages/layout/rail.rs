//! The side rail, at the bottom of a narrow screen: the product's mark and the screens there are.

use crate::components::icon::{Icon, icon};
use leptos::prelude::*;
use leptos_router::components::A;

/// Address, picture and name of each screen.
const SCREENS: [(&str, Icon, &str); 2] =
    [("/dispatch", Icon::Board, "Dispatch Board"), ("/loads", Icon::List, "Loads")];

#[component]
pub fn Rail() -> impl IntoView {
    let link = |(href, picture, name)| {
        view! {
            <A href=href attr:class="rail-link">
                {icon(picture)}
                <span class="rail-tip">{name}</span>
            </A>
        }
        .into_any()
    };
    view! {
        <nav class="rail" aria-label="Screens">
            <span class="rail-mark" title="Headhaul">
                {icon(Icon::Mark)}
                <span class="sr-only">"Headhaul"</span>
            </span>
            {SCREENS.map(link).into_iter().collect_view()}
        </nav>
    }
}
