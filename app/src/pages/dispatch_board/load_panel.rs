//! The details of a load beside the board: what a card has no room for.

use super::{
    desk::{Desk, OpenMenu},
    face::Face,
    panel_deeds::panel_deeds,
};
use crate::{
    components::{
        clock::ViewerClock,
        icon::{Icon, icon},
        menu::Anchor,
        relative_time::{absolute, ago, appointment_in_full},
        status_badge::status_badge,
    },
    domain::{id::LoadId, load::LoadCard, status::Lane, time::Timestamp},
    pages::facts::{Freight, fact, phone_fact},
};
use leptos::{html, prelude::*};

#[component]
pub fn LoadPanel(desk: Desk) -> impl IntoView {
    move || desk.panel.get().map(|load| panel(desk, load))
}

fn panel(desk: Desk, load: LoadId) -> AnyView {
    let model = desk.model();
    let Some(signals) = model.signals(load) else { return ().into_any() };
    let clock = desk.clock();
    let number = signals.card.with_untracked(|card| card.load_number.clone());
    // It opens on the side where the card is not.
    let side = model.lane_of(load).filter(|lane| *lane >= Lane::InTransit).map_or("right", |_| "left");
    let close = move || {
        desk.panel.set(None);
        desk.focus(load);
    };
    let menu_button = NodeRef::<html::Button>::new();
    let open_menu = move |_| {
        if let Some(button) = menu_button.get_untracked() {
            desk.menu.set(Some(OpenMenu { load, anchor: Anchor::of(&button) }));
        }
    };
    let deeds = panel_deeds(desk, load, &signals);
    let content = move || {
        let intent = signals.intent.get();
        signals.card.with(|card| {
            let face = Face::of(card, intent, clock.now(), desk.rules());
            facts(card, &face, clock.now(), clock.viewer())
        })
    };
    view! {
        <aside
            class="panel"
            data-side=side
            aria-label=format!("{number} details")
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    close();
                }
            }
        >
            <header class="panel-head">
                <h2 class="panel-title">{number.clone()}</h2>
                <a class="button button-small" href=format!("/loads/{load}") title="Everything about this load">
                    "Open"
                </a>
                <button type="button" class="button button-small" aria-haspopup="menu" node_ref=menu_button on:click=open_menu>
                    "Move"
                </button>
                <button type="button" class="icon-button" aria-label="Close details" title="Close (Esc)" on:click=move |_| close()>
                    {icon(Icon::Close)}
                </button>
            </header>
            {deeds}
            <div class="panel-body" tabindex="0">{content}</div>
        </aside>
    }
    .into_any()
}

fn facts(card: &LoadCard, face: &Face, now: Timestamp, viewer: ViewerClock) -> AnyView {
    let none = || "None yet".to_owned();
    let when = |at: Timestamp| format!("{} ({})", absolute(at, viewer), ago(now.since(at)));
    let by = card.updated_by.as_ref().map(|person| format!(" by {}", person.name)).unwrap_or_default();
    let phone = card.driver.as_ref().and_then(|driver| driver.phone.clone());
    let stops = match card.stops_between {
        0 => "No stops between".to_owned(),
        1 => "1 stop between".to_owned(),
        stops => format!("{stops} stops between"),
    };
    view! {
        <div class="panel-status">
            {status_badge(face.status)} <span>{face.urgency.label()}</span>
            {face.pending.then(|| view! { <span class="card-quiet">"moving…"</span> })}
            {face.waits.as_ref().map(|(_, meaning)| view! { <span class="card-quiet">{meaning.clone()}</span> })}
        </div>
        {face.tender_returned.as_ref().map(|why| {
            view! { <p class="panel-returned">{format!("The tender came back: {why}")}</p> }
        })}
        <dl class="facts">
            {fact("From", card.origin.to_string())}
            {fact("To", card.destination.to_string())}
            {fact("Stops", stops)}
            {fact("Pickup", appointment_in_full(&card.pickup))}
            {fact("Delivery", appointment_in_full(&card.delivery))}
            {fact("Customer", card.customer.clone())}
            {fact("Carrier", face.carrier.clone().unwrap_or_else(none))}
            {fact("Driver", face.driver.clone().unwrap_or_else(none))}
            {phone_fact(phone)}
            {fact("Dispatcher", card.dispatcher.as_ref().map_or_else(none, |person| person.name.clone()))}
            {fact("Equipment", card.equipment.label().to_owned())}
            {Freight::of(card).facts()}
            {card.finance.map(|finance| {
                view! {
                    {fact("Revenue", finance.revenue.to_string())}
                    {fact("Carrier cost", finance.carrier_cost.to_string())}
                    {fact("Margin", face.margin.as_ref().map_or_else(|| "–".into(), |margin| margin.text.clone()))}
                }
            })}
            {fact("Last check call", card.last_check_call_at.map_or_else(none, when))}
            {fact("In status since", when(card.status_since))}
            {fact("Last change", format!("{}{by}", when(card.updated_at)))}
            {fact("Created", when(card.created_at))}
        </dl>
    }
    .into_any()
}
