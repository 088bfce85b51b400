//! Where the truck of a load is, and the facts of the load.

use super::{
    load_desk::{LoadDesk, Overlay},
    whereabouts::{coordinates, whereabouts},
};
use crate::{
    components::{
        clock::ViewerClock,
        relative_time::{absolute, ago, from_now},
        urgency_mark::urgency_mark,
    },
    domain::{load::LoadCard, position::EtaState, status::LoadStatus, time::Timestamp, urgency::Urgency},
    events::LoadLocationUpdated,
    pages::{
        dispatch_board::face::Face,
        facts::{Freight, fact, phone_fact},
    },
};
use leptos::prelude::*;

#[component]
pub fn Overview(desk: LoadDesk) -> impl IntoView {
    let clock = desk.clock();
    let facts = move || {
        let (now, viewer) = (clock.now(), clock.viewer());
        desk.card.with(|card| {
            let card = card.as_ref()?;
            desk.face.with(|face| Some(facts(card, face.as_ref()?, now, viewer)))
        })
    };
    view! {
        <section class="load-section" aria-labelledby="overview-title">
            <h3 id="overview-title" class="load-section-title">
                "Overview"
            </h3>
            {facts}
        </section>
    }
}

fn facts(card: &LoadCard, face: &Face, now: Timestamp, viewer: ViewerClock) -> AnyView {
    let none = || "None yet".to_owned();
    let when = |at: Timestamp| format!("{} ({})", absolute(at, viewer), ago(now.since(at)));
    let money = card.finance.map(|finance| {
        let margin = face.margin.as_ref();
        view! {
            {fact("Revenue", finance.revenue.to_string())}
            {fact("Carrier cost", finance.carrier_cost.to_string())}
            <div class="fact">
                <dt>"Margin"</dt>
                <dd class="load-margin" data-grade=margin.map(|margin| margin.grade)>
                    {margin.map_or_else(|| "–".into(), |margin| margin.text.clone())}
                </dd>
            </div>
        }
    });
    let carrier = match &face.carrier {
        Some(carrier) => fact("Carrier", carrier.clone()),
        None => view! {
            <div class="fact">
                <dt>"Carrier"</dt>
                <dd>
                    <span class="card-unassigned">"UNASSIGNED"</span>
                </dd>
            </div>
        }
        .into_any(),
    };
    view! {
        <dl class="facts">
            {fact("Customer", card.customer.clone())}
            {carrier}
            {fact("Driver", face.driver.clone().unwrap_or_else(none))}
            {phone_fact(card.driver.as_ref().and_then(|driver| driver.phone.clone()))}
            {fact("Dispatcher", card.dispatcher.as_ref().map_or_else(none, |person| person.name.clone()))}
            {fact("Equipment", card.equipment.label().to_owned())}
            {Freight::of(card).facts()}
            {money}
            {fact("In status since", when(card.status_since))}
            {fact("Created", when(card.created_at))}
        </dl>
    }
    .into_any()
}

/// Where the truck was last, and when it will be at its next stop.
#[component]
pub fn Truck(desk: LoadDesk) -> impl IntoView {
    let clock = desk.clock();
    let content = move || {
        let (now, viewer) = (clock.now(), clock.viewer());
        let status = desk.card.with(|card| card.as_ref().map(|card| card.status));
        // Before the truck is sent there is nothing to know of it.
        let is_sent = status.is_some_and(|status| (LoadStatus::Dispatched..=LoadStatus::Completed).contains(&status));
        let position = desk.position.get();
        if !is_sent && position.is_none() {
            return None;
        }
        let place = match &position {
            Some(position) => {
                desk.stops.with(|stops| seen(position, whereabouts(position.location, stops), now, viewer))
            }
            None => view! { <p class="load-quiet">"The truck has sent no position yet."</p> }.into_any(),
        };
        let said = desk.card.with(|card| card.as_ref().and_then(|card| card.eta));
        let is_under_way = status.is_some_and(|status| status < LoadStatus::Delivered);
        let eta = is_under_way.then(|| arrival(position.as_ref(), said, now, viewer));
        Some(view! { {place} {eta} }.into_any())
    };
    let may_say = move || {
        desk.may_report()
            && desk.card.with(|card| {
                card.as_ref().is_some_and(|card| (LoadStatus::Accepted..LoadStatus::AtDelivery).contains(&card.status))
            })
    };
    view! {
        <section class="load-section" aria-labelledby="truck-title">
            <div class="load-section-head">
                <h3 id="truck-title" class="load-section-title">
                    "Truck"
                </h3>
                <Show when=may_say>
                    <button
                        type="button"
                        class="button button-small"
                        on:click=move |_| desk.open_with(Overlay::Eta)
                    >
                        "Set ETA"
                    </button>
                </Show>
            </div>
            {move || content().unwrap_or_else(|| view! { <p class="load-quiet">"No truck is sent yet."</p> }.into_any())}
        </section>
    }
}

fn seen(position: &LoadLocationUpdated, place: String, now: Timestamp, viewer: ViewerClock) -> AnyView {
    let speed = position.speed.map(|speed| format!(" · {speed:.0} mph")).unwrap_or_default();
    view! {
        <p class="truck-place" title=coordinates(position.location)>
            {place}
        </p>
        <p class="load-quiet" title=absolute(position.recorded_at, viewer)>
            {format!("Position {}{speed}", ago(now.since(position.recorded_at)))}
        </p>
    }
    .into_any()
}

/// The ETA that holds: that of the newest position, or what was said where there is none.
fn arrival(
    position: Option<&LoadLocationUpdated>,
    said: Option<Timestamp>,
    now: Timestamp,
    viewer: ViewerClock,
) -> AnyView {
    let reckoned = position.and_then(|position| position.eta);
    let state = position.map(|position| eta_words(position.eta_state));
    let Some(eta) = reckoned.or(said) else {
        return view! { <p class="load-quiet">"No ETA yet."</p> }.into_any();
    };
    let state = state.map(|(urgency, words)| {
        let mark = urgency.map(urgency_mark);
        view! { <span class="load-urgency">{mark} {words}</span> }
    });
    view! {
        <p class="truck-eta" title=absolute(eta, viewer)>
            <span>{format!("At the next stop {}", from_now(eta.since(now)))}</span>
            {state}
        </p>
    }
    .into_any()
}

/// The shape and the word of an ETA's state.
const fn eta_words(state: EtaState) -> (Option<Urgency>, &'static str) {
    match state {
        EtaState::OnTime => (Some(Urgency::OnTime), "on time"),
        EtaState::Tight => (Some(Urgency::AtRisk), "tight: within an hour of the window's end"),
        EtaState::Late => (Some(Urgency::Late), "late"),
        EtaState::NoSignal => (None, "no signal"),
    }
}
