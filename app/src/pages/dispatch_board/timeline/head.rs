//! What stands above the rows: the way through time, and the days and hours.

use super::{
    plan::Plan,
    scale::{DayName, Tick, day_name, zone_name},
    shape::percent,
};
use crate::{
    components::icon::{Icon, icon},
    domain::time::Timestamp,
    pages::dispatch_board::board_view::Zoom,
};
use leptos::prelude::*;

/// The zooms from near to far.
const ZOOMS: [Zoom; 3] = [Zoom::Day, Zoom::ThreeDays, Zoom::Week];

/// The time of now covers the name of an hour that is nearer than this, in pixels.
const COVERED: f64 = 38.0;

/// The buttons that lead through time, and what is shown.
pub fn tools(plan: Plan) -> AnyView {
    let desk = plan.desk;
    let zoom = |zoom: Zoom| {
        let pressed = move || if plan.scale.get().zoom == zoom { "true" } else { "false" };
        let choose = move |_| desk.tools.look(|view| view.zoom = zoom);
        view! {
            <button type="button" class="segment" aria-pressed=pressed data-zoom=zoom.code() on:click=choose>
                {zoom.label()}
            </button>
        }
        .into_any()
    };
    let clock = desk.clock();
    let viewer = Memo::new(move |_| clock.viewer());
    let range = move || {
        let (scale, viewer) = (plan.scale.get(), viewer.get());
        let at = |at: Timestamp| {
            let offset = viewer.offset_at(at).unwrap_or(0);
            format!("{} {}", day_name(at, offset), at.civil(offset).clock())
        };
        format!("{} – {}", at(scale.from), at(scale.end()))
    };
    view! {
        <div class="timeline-tools">
            <div class="timeline-ways">
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Earlier"
                    title="Earlier (Shift+Page Up)"
                    on:click=move |_| plan.pan(-0.5)
                >
                    <span class="timeline-back">{icon(Icon::Arrow)}</span>
                </button>
                <button type="button" class="button button-small" on:click=move |_| plan.go_to_now()>
                    "Today"
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Later"
                    title="Later (Shift+Page Down)"
                    on:click=move |_| plan.pan(0.5)
                >
                    {icon(Icon::Arrow)}
                </button>
            </div>
            <div class="segments" role="group" aria-label="Time shown at once">
                {ZOOMS.map(zoom).into_iter().collect_view()}
            </div>
            <p class="timeline-range">
                <span data-range>{range}</span>
                <span class="timeline-zone" data-zone>{move || zone_name(viewer.get().offset_at(plan.scale.get().middle()))}</span>
            </p>
            <p class="timeline-key" aria-hidden="true">
                <span class="timeline-sample" data-sample="done"></span>
                "done"
                <span class="timeline-sample" data-sample="plan"></span>
                "planned"
            </p>
        </div>
    }
    .into_any()
}

/// Days and hours. Stays at the top while the rows scroll.
pub fn axis(plan: Plan) -> AnyView {
    let days = offset_memo(plan, |plan, offset| plan.scale.get().days(offset));
    let named = offset_memo(plan, |plan, offset| {
        let ticks = plan.scale.get().ticks(offset).into_iter();
        ticks.filter(|tick| !tick.label.is_empty()).collect::<Vec<_>>()
    });
    let share = move |at: Timestamp| move || percent(plan.scale.get().share(at));
    let clock = plan.desk.clock();
    let now = Memo::new(move |_| clock.now());
    let is_covered = move |at: Timestamp| {
        let (scale, width) = (plan.scale.get(), plan.width.get());
        (scale.share(at) - scale.share(now.get())).abs() / 100.0 * width < COVERED
    };
    let day = move |DayName { begin, label }: DayName| {
        let scale = plan.scale;
        // A day that began before what is shown has its name at the left edge; each name is cut where its day ends.
        let x = move || percent(scale.get().share(begin).max(0.0));
        let share = move || {
            let scale = scale.get();
            let end = scale.share(begin.plus(crate::domain::time::DAY)).min(100.0);
            (end - scale.share(begin).max(0.0)).max(0.0)
        };
        let words = move || day_within(&label, share() / 100.0 * plan.width.get());
        view! {
            <svg x=x width=move || percent(share()) height="24">
                <text class="axis-day" x="8" y="16">{words}</text>
            </svg>
        }
        .into_any()
    };
    let tick = move |Tick { at, weight, label }: Tick| {
        view! {
            <text
                class="axis-hour"
                data-weight=weight.code()
                data-covered=move || is_covered(at).then_some("")
                x=share(at)
                y="40"
                text-anchor="middle"
            >
                {label}
            </text>
        }
        .into_any()
    };
    view! {
        <div class="axis">
            <div class="axis-corner">"Carrier"</div>
            <div class="axis-time" node_ref=plan.axis>
                <svg width="100%" height="48" aria-hidden="true">
                    <For each=move || days.get() key=|day| (day.begin, day.label.clone()) children=day />
                    <For
                        each=move || named.get()
                        key=|tick| (tick.at, tick.weight.code(), tick.label.clone())
                        children=tick
                    />
                    {now_mark(plan)}
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// A day's name as far as there is room for it: `Sat Nov 21`, `Sat 21`, `21` or nothing.
fn day_within(name: &str, width: f64) -> String {
    let number = name.rsplit(' ').next().unwrap_or_default();
    match width {
        84.0.. => name.to_owned(),
        54.0.. => format!("{} {number}", name.get(..3).unwrap_or_default()),
        28.0.. => number.to_owned(),
        _ => String::new(),
    }
}

/// What time it is, where the line of now begins.
fn now_mark(plan: Plan) -> AnyView {
    let clock = plan.desk.clock();
    let now = Memo::new(move |_| {
        let (now, viewer) = (clock.now(), clock.viewer());
        let share = plan.scale.get().share(now);
        (0.0..=100.0).contains(&share).then(|| (percent(share), viewer.civil(now).clock()))
    });
    let x = move || now.with(|now| now.as_ref().map(|(x, _)| x.clone()));
    let words = move || now.with(|now| now.as_ref().map(|(_, words)| words.clone()));
    view! {
        <svg class="axis-now" x=x data-shown=move || now.with(|now| now.is_some().then_some(""))>
            <rect x="-20" y="28" width="40" height="17" rx="3"></rect>
            <text y="40" text-anchor="middle">{words}</text>
        </svg>
    }
    .into_any()
}

/// The lines of days and hours behind the bars, and the line of now above them.
pub fn lines(plan: Plan) -> (AnyView, AnyView) {
    let ticks = offset_memo(plan, |plan, offset| plan.scale.get().ticks(offset));
    let line = move |Tick { at, weight, .. }: Tick| {
        let x = move || percent(plan.scale.get().share(at));
        view! { <line class="grid-line" data-weight=weight.code() x1=x x2=x y1="0" y2="100%"></line> }.into_any()
    };
    let clock = plan.desk.clock();
    let now = Memo::new(move |_| plan.scale.get().share(clock.now()));
    let x = move || percent(now.get());
    let behind = view! {
        <svg class="grid-lines" width="100%" height="100%" aria-hidden="true">
            <For each=move || ticks.get() key=|tick| (tick.at, tick.weight.code()) children=line />
        </svg>
    };
    let above = view! {
        <svg class="now-line" width="100%" height="100%" aria-hidden="true" data-now>
            <line x1=x x2=x y1="0" y2="100%"></line>
        </svg>
    };
    (behind.into_any(), above.into_any())
}

/// Something of the axis, on the viewer's clock, or in UTC as long as that is not known.
fn offset_memo<T: PartialEq + Send + Sync + 'static>(plan: Plan, look: fn(Plan, i32) -> T) -> Memo<T> {
    let clock = plan.desk.clock();
    Memo::new(move |_| look(plan, clock.viewer().offset_at(plan.scale.get().middle()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_named_as_far_as_there_is_room() {
        let named = [300.0, 60.0, 30.0, 12.0].map(|width| day_within("Sat Nov 21", width));
        assert_eq!(named, ["Sat Nov 21", "Sat 21", "21", ""]);
    }
}
