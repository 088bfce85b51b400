//! A load on the timeline: a bar that says which it is, how it stands, and how much of it is done.

use super::{
    chart,
    plan::Plan,
    shape::{Shape, WRITING, Writing, percent},
    view_port::{BAR, track_top},
};
use crate::{
    components::{clock::Clock, focus::nothing_has_focus, menu::Anchor, urgency_mark::urgency_shape},
    domain::{id::LoadId, status::LoadStatus, urgency::Urgency},
    pages::dispatch_board::{board_model::CardSignals, card::glow_signal, card_row::code, desk::Desk, face::Face},
};
use leptos::{prelude::*, svg, wasm_bindgen::JsCast};

/// What is written on a bar, and what is said of it.
#[derive(Clone, PartialEq)]
struct Words {
    number: String,
    /// Two letters for the status, which colour must not tell alone.
    code: String,
    route: String,
    summary: String,
    title: String,
}

impl Words {
    fn of(face: &Face) -> Self {
        let who = face.driver.as_ref().map(|driver| format!(" · {driver}")).unwrap_or_default();
        let carrier = face.carrier.as_deref().unwrap_or("UNASSIGNED");
        let title = format!(
            "{} · {}{}{}\n{} to {}\nPickup {}\nDelivery {}\n{carrier}{who}\n{}",
            face.number,
            face.status.label(),
            if face.pending { " (moving…)" } else { "" },
            if face.urgency == Urgency::Over { String::new() } else { format!(" · {}", face.urgency.label()) },
            face.origin,
            face.destination,
            face.pickup.text,
            face.delivery.text,
            face.customer,
        );
        Self {
            code: code(face.status),
            route: format!("{} → {}", face.origin.city, face.destination.city),
            summary: face.summary.clone(),
            number: face.number.clone(),
            title,
        }
    }
}

/// `bar` is where it lies; it follows the chart.
pub fn bar_view(plan: Plan, load: LoadId, bar: Memo<Option<chart::Bar>>) -> AnyView {
    let desk = plan.desk;
    let Some(signals) = desk.model().signals(load) else { return ().into_any() };
    let clock = desk.clock();
    let node = NodeRef::<svg::Svg>::new();
    let face = face_memo(desk, signals.clone(), clock.clone());
    let words = Memo::new(move |_| face.with(Words::of));
    let glow = glow_signal(signals.changed_at.clone());
    let now = Memo::new(move |_| clock.now());
    let shape = Memo::new(move |_| {
        let bar = bar.get()?;
        Some(signals.card.with(|card| Shape::of(&bar, card, plan.scale.get(), now.get())))
    });
    take_focus(desk, load, node);
    let share = move |part: fn(&Shape) -> f64| move || shape.with(|shape| shape.as_ref().map(|it| percent(part(it))));
    let number = words.with_untracked(|words| words.number.clone());
    let status = move || face.with(|face| face.status);
    let class = move || format!("bar {}", status_name(status()));
    let mark = move || face.with(|face| urgency_shape(face.urgency));
    let marked = move || format!("bar-mark {}", mark().class);
    let writing = Memo::new(move |_| {
        let width = shape.with(|shape| shape.as_ref().map_or(0.0, |shape| shape.width)) / 100.0 * plan.width.get();
        words.with(|words| Writing::of(&words.code, &words.number, &words.route, width))
    });
    let written = move |part: fn(&Writing) -> &String| move || writing.with(|writing| part(writing).clone());
    // Who speaks to the page says what is written there.
    let spoken = move || {
        let written = writing.with(Writing::text);
        words.with(
            |words| if written.is_empty() { words.summary.clone() } else { format!("{written}, {}", words.summary) },
        )
    };
    view! {
        <svg
            class=class
            node_ref=node
            role="button"
            tabindex=move || if plan.tab_stop.get() == Some(load) { "0" } else { "-1" }
            aria-label=spoken
            x=share(|shape| shape.x)
            y=move || bar.with(|bar| bar.map(|bar| track_top(bar.track).to_string()))
            width=share(|shape| shape.width)
            height=BAR.to_string()
            data-id=load.to_string()
            data-load=number
            data-status=move || status().code()
            data-urgency=move || mark().code
            data-pending=move || face.with(|face| face.pending.then_some(""))
            data-selected=move || desk.selection.with(|selection| selection.contains(&load)).then_some("")
            data-glow=move || glow.get()
            on:focusin=move |_| {
                desk.has_taken_focus(load);
                plan.reveal(load);
            }
            on:focusout=move |event| {
                // Without a new owner of the focus the bar may be on its way to another row.
                if event.related_target().is_some() {
                    desk.has_lost_focus();
                }
            }
            on:contextmenu=move |event| {
                event.prevent_default();
                let at = Anchor::at(f64::from(event.client_x()), f64::from(event.client_y()));
                desk.open_deeds(load, at);
            }
            on:animationend=move |_| glow.set(None)
        >
            <title>{move || words.with(|words| words.title.clone())}</title>
            <rect class="bar-body" width="100%" height="100%" rx="4"></rect>
            <rect
                class="bar-plan"
                x=share(|shape| shape.done)
                width=share(|shape| 100.0 - shape.done)
                height="100%"
                fill=move || format!("url(#hatch-{})", status().code())
            ></rect>
            <rect class="bar-done" width=share(|shape| shape.done) height="100%"></rect>
            <rect class="bar-window" y=BAR - 4 height="4" width=share(|shape| shape.pickup)></rect>
            <rect
                class="bar-window"
                y=BAR - 4
                height="4"
                x=share(|shape| shape.delivery)
                width=share(|shape| 100.0 - shape.delivery)
            ></rect>
            <rect class="bar-frame" width="100%" height="100%" rx="4"></rect>
            <g class=marked transform="translate(7 7)">
                <path class="urgency-outline" d=move || mark().outline></path>
                <path class="urgency-fill" d=move || mark().fill></path>
            </g>
            <text class="bar-text" x=WRITING y="17">
                <tspan class="bar-code">{written(|writing| &writing.code)}</tspan>
                " "
                <tspan class="bar-number" dx="3">{written(|writing| &writing.number)}</tspan>
                " "
                <tspan class="bar-route" dx="4">{written(|writing| &writing.route)}</tspan>
            </text>
        </svg>
    }
    .into_any()
}

/// What the bar says now. A paused board keeps what it said.
fn face_memo(desk: Desk, signals: CardSignals, clock: Clock) -> Memo<Face> {
    Memo::new(move |shown: Option<&Face>| match shown {
        Some(shown) if desk.tools.paused.get() => shown.clone(),
        _ => signals.card.with(|card| Face::of(card, signals.intent.get(), clock.now(), desk.rules())),
    })
}

/// Takes the focus when it is asked for, and takes it along when the load went to another row.
fn take_focus(desk: Desk, load: LoadId, node: NodeRef<svg::Svg>) {
    Effect::new(move |_| {
        if desk.wish.get() == Some(load)
            && let Some(node) = node.get()
        {
            desk.wish.set(None);
            let _ = node.focus();
        }
    });
    let had_focus = move || {
        desk.focused.try_get_value().flatten().is_some_and(|(focused, ..)| focused == load) && nothing_has_focus()
    };
    Effect::new(move |_| {
        if node.get().is_none() || !had_focus() {
            return;
        }
        // The bar's former place may still be there; in the next frame it is gone.
        request_animation_frame(move || {
            if let Some(node) = node.try_get_untracked().flatten().filter(|_| had_focus()) {
                let _ = node.unchecked_ref::<web_sys::SvgElement>().focus();
            }
        });
    });
}

/// The class that carries a status' colour as `--status`, without that of a badge.
pub fn status_name(status: LoadStatus) -> &'static str {
    use crate::components::status_badge::status_class;
    status_class(status).trim_start_matches("badge ")
}
