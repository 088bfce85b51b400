//! The load itself, once it is there: head, overview and stops on one side, the tabs on the other.

use super::{
    calls::calls,
    head::Head,
    load_desk::LoadDesk,
    load_fetch::LoadFetch,
    load_model::LoadModel,
    overlays::Overlays,
    overview::{Overview, Truck},
    shelf::{Listed, Shelf},
    stops::Stops,
    tab::{Place, Tab},
    tabs::{Tabs, panel_id, tab_id},
    talk::talk,
    talk_query::Talk,
    timeline::timeline,
};
use crate::{
    api::{auth::User, positions::CheckCall, timeline::TimelineEntry},
    components::relative_time::ago,
    domain::id::{CheckCallId, EventId},
    pages::dispatch_board::judgement::Viewer,
};
use leptos::prelude::*;
use leptos_meta::Title;

impl Listed for TimelineEntry {
    type Id = EventId;
    fn id(&self) -> EventId {
        self.id
    }
}

impl Listed for CheckCall {
    type Id = CheckCallId;
    fn id(&self) -> CheckCallId {
        self.id
    }
}

/// What is shown of a load beside the load. Copied freely.
#[derive(Clone, Copy)]
pub struct Parts {
    pub place: Place,
    pub timeline: Shelf<TimelineEntry>,
    pub calls: Shelf<CheckCall>,
    pub talk: Talk,
    /// Fetches the page anew.
    pub refetch: Callback<()>,
}

#[component]
pub fn Sheet(model: LoadModel, user: User, parts: Parts) -> impl IntoView {
    model.clock().run();
    let fetch = LoadFetch::new(model.clone(), parts.refetch);
    follow(&model, parts, fetch);
    let desk = LoadDesk::new(model, Viewer::of(&user), Callback::new(move |()| fetch.run()));
    let place = parts.place;
    let steps_button = NodeRef::new();
    let is_narrow = move || place.is_narrow.get().unwrap_or(false);
    // On a narrow screen the overview is one of the tabs.
    let side_role = move || if is_narrow() { "tabpanel" } else { "region" };
    let panel = move || {
        let shown = place.shown.get();
        let hidden = shown == Tab::Overview;
        let content = match shown {
            Tab::Overview => ().into_any(),
            Tab::Timeline => timeline(desk, parts.timeline),
            Tab::Calls => calls(desk, parts.calls),
            Tab::Messages => talk(desk, parts.talk),
        };
        view! {
            <div
                id=panel_id(shown)
                class="load-panel"
                role="tabpanel"
                aria-labelledby=tab_id(shown)
                hidden=hidden
            >
                {content}
            </div>
        }
        .into_any()
    };
    view! {
        <Title text=desk.number() />
        <Head desk steps_button />
        <Farewell desk />
        <div
            class="load-body"
            data-shown=move || place.shown.get().code()
            data-first=move || place.is_first().then_some("")
        >
            <div
                id=panel_id(Tab::Overview)
                class="load-side"
                role=side_role
                aria-label=move || if is_narrow() { "Overview" } else { "Load and stops" }
                tabindex="0"
            >
                <Truck desk />
                <Stops desk />
                <Overview desk />
            </div>
            <Tabs desk parts />
            {panel}
        </div>
        <Overlays desk steps_button />
        <p class="sr-only" role="status">
            {move || desk.said.get()}
        </p>
    }
}

/// What is heard of the load is news to what is listed of it.
fn follow(model: &LoadModel, parts: Parts, fetch: LoadFetch) {
    on_change(model.heard().clone(), move || {
        parts.timeline.refresh();
    });
    on_change(model.calls_heard().clone(), move || parts.calls.refresh());
    on_change(model.resets().clone(), move || parts.talk.refresh());
    on_change(model.outdated().clone(), move || fetch.run_if_behind());
}

fn on_change(count: ArcRwSignal<u64>, act: impl Fn() + 'static) {
    Effect::new(move |before: Option<u64>| {
        let now = count.get();
        // What was heard before the page was there to hear it has been fetched since.
        if before.is_some_and(|before| before != now) {
            untrack(&act);
        }
        now
    });
}

/// Says that the load has left the person's sight. What was known of it stays to be read.
#[component]
fn Farewell(desk: LoadDesk) -> impl IntoView {
    let clock = desk.clock();
    let words = move || {
        desk.gone.get().map(|gone| {
            let by = gone.by.map(|person| format!(" by {}", person.name)).unwrap_or_default();
            let done = if desk.viewer.role.is_staff() { format!("was deleted{by}") } else { "is no longer yours".into() };
            view! {
                <div class="load-gone">
                    <p>{format!("{} {done} {}. This is what was known of it.", desk.number(), ago(clock.now().since(gone.at)))}</p>
                    <a class="button button-small" href="/dispatch">
                        "Back to board"
                    </a>
                </div>
            }
        })
    };
    view! { <div role="status">{words}</div> }
}
