//! The strip of lanes: turns what the pointer does on it into drags and menus.

mod carry;

use super::{desk::Desk, expanded::is_of_more};
use crate::{
    components::menu::Anchor,
    domain::{id::LoadId, status::Lane},
};
use carry::Hand;
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

#[component]
pub fn Strip(desk: Desk, children: Children) -> impl IntoView {
    let strip = NodeRef::<html::Div>::new();
    let ghost = NodeRef::<html::Div>::new();
    let hand = Hand::new(desk, strip, ghost);
    hand.let_go_when_the_load_changes();
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && hand.is_carrying() {
            event.prevent_default();
            hand.cancel();
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <div
            class="strip"
            node_ref=strip
            on:pointerdown=move |event| hand.press(&event)
            on:pointermove=move |event| hand.follow(&event)
            on:pointerup=move |event| hand.release(&event)
            on:pointercancel=move |_| hand.cancel()
            on:lostpointercapture=move |_| hand.cancel()
            // The lane must not scroll under a carried card, nor a long press open the browser's menu.
            on:touchmove=move |event| {
                if hand.is_carrying() {
                    event.prevent_default();
                }
            }
            on:contextmenu=move |event| {
                if hand.is_carrying() {
                    event.prevent_default();
                } else if let Some((_, load)) =
                    element_of(&event).filter(|element| !is_of_more(element)).and_then(|element| card_of(&element))
                {
                    event.prevent_default();
                    hand.cancel();
                    let at = Anchor::at(f64::from(event.client_x()), f64::from(event.client_y()));
                    desk.open_deeds(load, at);
                }
            }
        >
            {children()}
        </div>
        <div class="ghost" node_ref=ghost aria-hidden="true"></div>
    }
}

/// The element that an event came from.
pub fn element_of(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// The card that an element belongs to.
pub fn card_of(element: &web_sys::Element) -> Option<(web_sys::Element, LoadId)> {
    let card = element.closest("[data-load]").ok().flatten()?;
    let load = card.get_attribute("data-id")?.parse().ok()?;
    Some((card, load))
}

/// Where the lanes are on the screen now; those that are not shown are left out.
fn lanes_on_screen(strip: &web_sys::Element) -> Vec<(Lane, [f64; 4])> {
    let lanes = strip.children();
    let rect_of = |element: web_sys::Element| {
        let lane = Lane::from_code(&element.get_attribute("data-lane")?)?;
        let rect = element.get_bounding_client_rect();
        (rect.width() > 0.0).then(|| (lane, [rect.left(), rect.top(), rect.right(), rect.bottom()]))
    };
    (0..lanes.length()).filter_map(|index| lanes.item(index)).filter_map(rect_of).collect()
}
