//! A card of the board.

use super::{
    board_model::CardSignals,
    card_row::line,
    desk::{Desk, OpenMenu},
    expanded::{expand_button, more},
    face::{Face, Visit},
};
use crate::{
    components::{
        clock::{Clock, wall_millis},
        faces::{face_count, faces, first_name, who_looks},
        focus::{focus_in_place, nothing_has_focus},
        icon::{Icon, icon},
        menu::Anchor,
        relative_time::countdown,
        status_badge::status_class,
        urgency_mark::urgency_mark,
        virtual_list::Row,
    },
    domain::{
        id::{LoadId, UserId},
        load::Person,
        status::Lane,
        stop::Place,
        time::{MINUTE, Timestamp},
        urgency::{Silence, Urgency},
    },
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};

/// How long a change glows, in milliseconds; the animation of the same length is in `card.css`.
const GLOW: i64 = 1_500;

#[component]
pub fn Card(
    desk: Desk,
    lane: Lane,
    /// Of the lane; its id is that of the load.
    row: Row,
) -> impl IntoView {
    let load = LoadId(row.id);
    let Some(signals) = desk.model().signals(load) else { return ().into_any() };
    let node = NodeRef::<html::Article>::new();
    let clock = desk.clock();
    let face = face_memo(desk, signals.clone(), clock.clone());
    let glow = glow_signal(signals.changed_at.clone());
    take_focus(desk, load, node);

    let read = move |part: fn(&Face) -> Option<&'static str>| move || face.with(part);
    let tab_stop = desk.tab_stops[lane as usize];
    let tabindex = move || if tab_stop.get() == Some(load.0) { "0" } else { "-1" };
    let carried = move || desk.carried.with(|carried| carried.as_ref().is_some_and(|carried| carried.load == load));
    let is_chosen = Memo::new(move |_| desk.selection.with(|selection| selection.contains(&load)));
    let number = face.with_untracked(|face| face.number.clone());
    let watchers = desk.watchers.of(load);
    let (named, counted) = (watchers.clone(), watchers.clone());
    let open_menu = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        desk.menu.set(Some(OpenMenu { load, anchor: Anchor::of(&event_target(&event)) }));
    };
    view! {
        <article
            class="card"
            node_ref=node
            tabindex=tabindex
            aria-label=move || {
                let chosen = if is_chosen.get() { ", selected" } else { "" };
                named.with(|people| face.with(|face| format!("{}{chosen}", said(face, people))))
            }
            data-id=load.to_string()
            data-load=number.clone()
            data-status=move || face.with(|face| face.status.code())
            data-urgency=read(|face| urgency_code(face.urgency))
            data-tint=read(|face| face.tint.and_then(tint_code))
            data-silence=read(|face| face.silence.map(silence_code))
            data-pending=read(|face| face.pending.then_some(""))
            data-selected=move || is_chosen.get().then_some("")
            data-carried=move || carried().then_some("")
            data-watchers=move || counted.with(|people| face_count(people.len()))
            data-glow=move || glow.get()
            on:focusin=move |_| desk.has_taken_focus(load)
            on:focusout=move |event| {
                // Without a new owner of the focus the card may be on its way to another lane.
                if event.related_target().is_some() {
                    desk.has_lost_focus();
                }
            }
            on:click=move |event| {
                // Where text was marked and the pointer let go beside it, nothing was pressed. A press by other means than
                // a pointer counts no clicks.
                if event.detail() == 0 || !desk.hands.marking.get_value() {
                    desk.press(load, &event);
                }
            }
            on:animationend=move |_| glow.set(None)
        >
            <div class="card-face">
                {move || {
                    let dense = desk.tools.dense.get();
                    face.with(|face| if dense { line(face, clock.clone()) } else { body(face, desk.viewer.id, clock.clone()) })
                }}
            </div>
            {more(desk, &signals, row)}
            <input
                type="checkbox"
                class="card-check"
                tabindex=tabindex
                aria-label=format!("Select {number}")
                title="Select (X)"
                prop:checked=is_chosen
                on:click=move |event| {
                    event.stop_propagation();
                    if event.shift_key() { desk.extend_to(load) } else { desk.toggle(load) }
                    // A press may leave the choice as it was, which the box would not hear of.
                    if let Ok(input) = event_target::<web_sys::Element>(&event).dyn_into::<web_sys::HtmlInputElement>() {
                        input.set_checked(is_chosen.get_untracked());
                    }
                }
            />
            {move || watchers.with(|people| faces(people))}
            {expand_button(desk, &number, row, tabindex)}
            <button
                type="button"
                class="icon-button card-move"
                tabindex=tabindex
                aria-label=format!("Move {number}")
                aria-haspopup="menu"
                title="Move (M)"
                on:click=open_menu
            >
                {icon(Icon::Move)} <span class="card-move-word">"Move"</span>
            </button>
        </article>
    }
    .into_any()
}

/// What the card says now. A paused board keeps what it said.
fn face_memo(desk: Desk, signals: CardSignals, clock: Clock) -> Memo<Face> {
    Memo::new(move |shown: Option<&Face>| match shown {
        Some(shown) if desk.tools.paused.get() => shown.clone(),
        _ => signals.card.with(|card| Face::of(card, signals.intent.get(), clock.now(), desk.rules())),
    })
}

/// Glows when the card changes, and when it appears because it has just changed. The two names are of one animation:
/// a second change during the first begins it anew.
pub fn glow_signal(changed_at: ArcRwSignal<i64>) -> RwSignal<Option<&'static str>> {
    let glow = RwSignal::new(None);
    Effect::new(move |_| {
        if wall_millis() - changed_at.get() < GLOW {
            glow.update(|glow| *glow = if *glow == Some("a") { Some("b") } else { Some("a") });
        }
    });
    glow
}

/// Takes the focus when it is asked for, and takes it along when the card was moved to another lane.
fn take_focus(desk: Desk, load: LoadId, node: NodeRef<html::Article>) {
    Effect::new(move |_| {
        if desk.wish.get() == Some(load)
            && let Some(node) = node.get()
        {
            desk.wish.set(None);
            let _ = node.focus();
        }
    });
    Effect::new(move |_| {
        let Some(node) = node.get() else { return };
        if !had_focus(desk, load) {
            return;
        }
        // The card's former place may still be there; in the next frame it is gone.
        request_animation_frame(move || {
            if had_focus(desk, load) && nothing_has_focus() {
                focus_in_place(&node);
                // A narrow screen does not show the lane that the card went to.
                if nothing_has_focus() {
                    desk.rescue_focus();
                }
            }
        });
    });
}

fn had_focus(desk: Desk, load: LoadId) -> bool {
    desk.focused.try_get_value().flatten().is_some_and(|(focused, ..)| focused == load)
}

/// What those hear who don't see the card, with who else looks at it.
fn said(face: &Face, watchers: &[Person]) -> String {
    if watchers.is_empty() { face.summary.clone() } else { format!("{}, {}", face.summary, who_looks(watchers)) }
}

fn body(face: &Face, me: UserId, clock: Clock) -> AnyView {
    let stops = (face.stops_between > 0).then(|| {
        let title = format!("{} stops between", face.stops_between);
        view! { <span class="card-stops" title=title>{format!("+{}", face.stops_between)}</span> }
    });
    let route = format!("{} to {}", face.origin, face.destination);
    let updated = format!(
        "Last change {}",
        if face.updated == "now" { "just now".into() } else { format!("{} ago", face.updated) }
    );
    view! {
        <div class="card-top">
            {urgency_mark(face.urgency)}
            <span class="card-number">{face.number.clone()}</span>
            {face.hot.then(|| mark("card-mark mark-hot", Icon::Hot, "Hot"))}
            {face.exception.then(|| mark("card-mark mark-exception", Icon::Exception, "Exception"))}
            <span class="card-age" title=updated>{face.updated_short.clone()}</span>
        </div>
        <div class="card-route" title=route>
            {place(&face.origin)}
            {icon(Icon::Arrow)}
            {place(&face.destination)}
            {stops}
        </div>
        {visit_row("PU", "Pickup", &face.pickup)}
        {visit_row("DEL", "Delivery", &face.delivery)}
        {carrier_row(face, me)}
        <div class="card-line">
            <span class="card-equipment" title=face.equipment.label()>{icon(Icon::Of(face.equipment))}</span>
            <span class="card-cut card-quiet" title=face.customer.clone()>{face.customer.clone()}</span>
            {face.margin.as_ref().map(|margin| {
                view! { <span class="card-margin" data-grade=margin.grade title="Margin">{margin.text.clone()}</span> }
            })}
        </div>
        <div class="card-foot">
            <span class=status_class(face.status)>{face.status.label()}</span>
            {face.pending.then(|| view! { <span class="card-quiet">"moving…"</span> })}
            {face.waits.as_ref().map(|(short, meaning)| {
                view! { <span class="card-waits" title=meaning.clone()>{short.clone()}</span> }
            })}
            {face.tender_expires_at.map(|expires| tender_countdown(expires, clock))}
        </div>
    }
    .into_any()
}

/// The city may be cut, the longer one of two first; the state never.
fn place(place: &Place) -> AnyView {
    view! {
        <span class="card-place">
            <span class="card-cut">{format!("{},", place.city)}</span>
            {format!(" {}", place.state)}
        </span>
    }
    .into_any()
}

pub fn mark(class: &'static str, picture: Icon, word: &'static str) -> AnyView {
    view! { <span class=class title=word>{icon(picture)}</span> }.into_any()
}

fn visit_row(short: &'static str, long: &'static str, visit: &Visit) -> AnyView {
    view! {
        <div class="card-line card-visit" data-overdue=visit.overdue.then_some("") title=visit_title(long, visit)>
            <span class="card-kind">{short}</span>
            <span class="card-cut">{visit.text.clone()}</span>
        </div>
    }
    .into_any()
}

/// `Pickup, overdue: Nov 21 14:00 – Nov 21 16:00 CST, fixed appointment`
pub fn visit_title(name: &str, visit: &Visit) -> String {
    format!("{name}{}: {}", if visit.overdue { ", overdue" } else { "" }, visit.full)
}

/// Who moves it, or why nobody does, and who of the desk is on it.
fn carrier_row(face: &Face, me: UserId) -> AnyView {
    let driver = face.driver.as_ref().map(|driver| format!(" · {driver}")).unwrap_or_default();
    let claim = face.claimed_by.as_ref().map(|person| claim_chip(person, me));
    match &face.carrier {
        Some(carrier) => {
            let full = format!("{carrier}{driver}");
            view! {
                <div class="card-line">
                    <span class="card-cut" title=full.clone()>{full.clone()}</span>
                    {claim}
                </div>
            }
            .into_any()
        }
        None => {
            let why = face.tender_returned.as_ref().map(|why| {
                view! { <span class="card-cut card-returned" title=format!("The tender came back: {why}")>{why.clone()}</span> }
            });
            view! {
                <div class="card-line">
                    <span class="card-unassigned" title="No carrier yet">"UNASSIGNED"</span>
                    {why}
                    {claim}
                </div>
            }
            .into_any()
        }
    }
}

fn claim_chip(person: &Person, me: UserId) -> AnyView {
    let (word, full) = if person.id == me {
        ("You".to_owned(), "You are on it".to_owned())
    } else {
        (first_name(&person.name).to_owned(), format!("{} is on it", person.name))
    };
    let own = (person.id == me).then_some("");
    view! { <span class="card-claim" data-own=own title=full>{word}</span> }.into_any()
}

pub fn tender_countdown(expires: Timestamp, clock: Clock) -> AnyView {
    let left = Signal::derive(move || expires.since(clock.second()));
    view! {
        <span
            class="card-countdown"
            title="Time left to accept the tender"
            data-short=move || (left.get() < 5 * MINUTE).then_some("")
        >
            {move || countdown(left.get()).unwrap_or_else(|| "expired".into())}
        </span>
    }
    .into_any()
}

const fn urgency_code(urgency: Urgency) -> Option<&'static str> {
    Some(match urgency {
        Urgency::Over => return None,
        Urgency::OnTime => "on-time",
        Urgency::AtRisk => "at-risk",
        Urgency::Late => "late",
    })
}

const fn silence_code(silence: Silence) -> &'static str {
    match silence {
        Silence::Amber => "amber",
        Silence::Red => "red",
    }
}

const fn tint_code(tint: u8) -> Option<&'static str> {
    match tint {
        1 => Some("1"),
        2 => Some("2"),
        _ => Some("3"),
    }
}
