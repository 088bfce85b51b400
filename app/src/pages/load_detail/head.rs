//! The head of the page: which load, where it stands, who is on it, and what may be done next.

use super::{
    load_desk::{LoadDesk, Overlay},
    steps::{any, deed, forward},
};
use crate::{
    api::{
        call,
        load_actions::{Claim, ClaimLoad},
    },
    components::{
        faces::faces,
        icon::{Icon, icon},
        menu::Anchor,
        relative_time::{absolute, ago, countdown},
        status_badge::status_badge,
        urgency_mark::urgency_mark,
    },
    domain::{
        load::{LoadCard, Person},
        status::LoadStatus,
    },
    pages::dispatch_board::face::Face,
    realtime::use_presence,
};
use leptos::{html, prelude::*};

#[component]
pub fn Head(desk: LoadDesk, steps_button: NodeRef<html::Button>) -> impl IntoView {
    view! {
        <header class="load-head">
            <div class="load-title">
                <h2 class="load-number">{desk.number()}</h2>
                {move || desk.face.with(|face| face.as_ref().map(|face| standing(desk, face)))}
            </div>
            {move || desk.card.with(|card| card.as_ref().map(|card| summary(desk, card)))}
            <Eyes desk />
            <Actions desk steps_button />
        </header>
    }
}

/// Where it stands: status, urgency, and what has lasted too long.
fn standing(desk: LoadDesk, face: &Face) -> AnyView {
    let mark = |class: &'static str, picture, word: &'static str| {
        view! {
            <span class=class title=word>
                {icon(picture)}
                <span class="sr-only">{word}</span>
            </span>
        }
    };
    let clock = desk.clock();
    let left = face.tender_expires_at.map(|expires| {
        let words = move || match countdown(expires.since(clock.second())) {
            Some(left) => format!("{left} left to accept"),
            None => "tender expired".into(),
        };
        view! { <span class="load-quiet">{words}</span> }
    });
    view! {
        {status_badge(face.status)}
        <span class="load-urgency">{urgency_mark(face.urgency)} {face.urgency.label()}</span>
        {face.pending.then(|| view! { <span class="load-quiet">"moving…"</span> })}
        {face.hot.then(|| mark("card-mark mark-hot", Icon::Hot, "Hot"))}
        {face.exception.then(|| mark("card-mark mark-exception", Icon::Exception, "Exception"))}
        {face.waits.as_ref().map(|(_, meaning)| view! { <span class="load-quiet">{meaning.clone()}</span> })}
        {face.tender_returned.as_ref().map(|why| {
            view! { <span class="load-returned">{format!("Its tender came back: {why}")}</span> }
        })}
        {left}
    }
    .into_any()
}

fn summary(desk: LoadDesk, card: &LoadCard) -> AnyView {
    let clock = desk.clock();
    let (at, by) = (card.updated_at, card.updated_by.as_ref().map(|person| format!(" by {}", person.name)));
    let by = by.unwrap_or_default();
    let title = {
        let clock = clock.clone();
        move || absolute(at, clock.viewer())
    };
    view! {
        <p class="load-summary">
            <span class="load-route">{card.origin.to_string()} {icon(Icon::Arrow)} <span class="sr-only">"to"</span> {card.destination.to_string()}</span>
            <span class="load-customer" title=card.customer.clone()>{card.customer.clone()}</span>
            <span class="load-quiet" title=title>
                {move || format!("Changed {}{by}", ago(clock.now().since(at)))}
            </span>
        </p>
    }
    .into_any()
}

/// Who else looks at the load, and who has said to be on it.
#[component]
fn Eyes(desk: LoadDesk) -> impl IntoView {
    let presence = use_presence();
    let me = desk.viewer.id;
    let here = Memo::new(move |_| {
        presence.with(|presence| {
            presence.viewers(desk.load).filter(|person| person.id != me).cloned().collect::<Vec<Person>>()
        })
    });
    let faces = move || here.with(|here| faces(here));
    let claim = move || {
        let claimed = desk.card.with(|card| card.as_ref().and_then(|card| card.claimed_by.clone()))?;
        let words = if claimed.id == me { "You are on it".to_owned() } else { format!("{} is on it", claimed.name) };
        Some(view! { <span class="load-claim">{words}</span> })
    };
    view! { <div class="load-eyes">{faces} {claim}</div> }
}

#[component]
fn Actions(desk: LoadDesk, steps_button: NodeRef<html::Button>) -> impl IntoView {
    let next = Memo::new(move |_| desk.card.with(|card| card.as_ref().and_then(|card| forward(desk, card))));
    let any = Memo::new(move |_| desk.card.with(|card| card.as_ref().is_some_and(|card| any(desk, card))));
    let can_edit = Memo::new(move |_| {
        desk.may_change() && desk.card.with(|card| card.as_ref().is_some_and(|card| !card.status.is_final()))
    });
    let can_assign = Memo::new(move |_| {
        let is_open = |card: &LoadCard| matches!(card.status, LoadStatus::Planning | LoadStatus::Pending);
        desk.may_change() && desk.card.with(|card| card.as_ref().is_some_and(is_open))
    });
    let gone = move || desk.gone.with(Option::is_some);
    let open_steps = move |_| {
        if let Some(button) = steps_button.get_untracked() {
            desk.open(Overlay::Steps(Anchor::of(&button)));
        }
    };
    let primary = move || {
        next.get().filter(|_| !gone()).map(|to| {
            view! {
                <button type="button" class="button button-primary" data-step=to.code() on:click=move |_| desk.ask(to)>
                    {deed(to)}
                </button>
            }
        })
    };
    view! {
        <div class="load-actions">
            {move || (desk.may_change() && !gone()).then(|| claim_button(desk))}
            <Show when=move || can_edit.get() && !gone()>
                <a class="button" href=format!("/loads/{}/edit", desk.load)>
                    "Edit"
                </a>
            </Show>
            <Show when=move || can_assign.get() && !gone()>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| desk.open_with(|card| Overlay::Carrier { card, tender: false })
                >
                    "Assign carrier"
                </button>
            </Show>
            <Show when=move || any.get() && !gone()>
                <button
                    type="button"
                    class="button"
                    aria-haspopup="menu"
                    node_ref=steps_button
                    on:click=open_steps
                >
                    {icon(Icon::Move)}
                    "Steps"
                </button>
            </Show>
            {primary}
            <Show when=move || !desk.may_change() && desk.viewer.role.is_staff()>
                <span class="load-quiet" title="Your role sees loads and changes none of them">"View only"</span>
            </Show>
        </div>
    }
}

/// Says that one is on the load, or no more; of another's, takes it over.
fn claim_button(desk: LoadDesk) -> AnyView {
    let holder = Memo::new(move |_| desk.card.with(|card| card.as_ref().and_then(|card| card.claimed_by.clone())));
    let me = desk.viewer.id;
    let is_mine = move || holder.with(|holder| holder.as_ref().is_some_and(|holder| holder.id == me));
    let words = move || match holder.get() {
        Some(holder) if holder.id == me => "Release".to_owned(),
        Some(holder) => format!("Take over from {}", holder.name),
        None => "Claim".into(),
    };
    let press = move |_| {
        let claimed = !is_mine();
        let body = Claim { claimed, take_over: claimed && holder.with_untracked(Option::is_some) };
        // A claim that is made twice is the same claim.
        desk.send(call(ClaimLoad { id: desk.load, body }), "The claim", move |model, answer| {
            let said = if claimed { "You are on" } else { "You are off" };
            let words = format!("{said} {}", answer.data.load_number);
            model.take(answer.data);
            Some(words)
        });
    };
    view! {
        <button
            type="button"
            class="button"
            title="Tells the others that you are on this load; it stops nobody"
            aria-disabled=move || desk.busy.get().then_some("true")
            on:click=press
        >
            {words}
        </button>
    }
    .into_any()
}
