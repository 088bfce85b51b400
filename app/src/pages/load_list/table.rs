//! The table of loads, and the way to the pages before and after.

use super::{
    Asked, PAGE,
    rows::{Row, Rows},
};
use crate::{
    api::loads::ListLoads,
    components::{
        clock::Clock,
        icon::{Icon, icon},
        relative_time::{age, appointment_in_full, appointment_short},
        status_badge::status_badge,
        urgency_mark::urgency_mark,
    },
    domain::{id::LoadId, load::LoadCard, money::grouped, stop::Appointment, time::Timestamp, urgency::urgency},
    realtime::LiveQuery,
};
use leptos::prelude::*;
use leptos_router::components::A;

const COLUMNS: [&str; 8] = ["Load", "Status", "Route", "Pickup", "Delivery", "Customer", "Carrier", "Changed"];

#[component]
pub fn Table(
    rows: Rows,
    asked: Memo<Asked>,
    sees_money: bool,
    /// Something else was asked for and is on its way.
    dimmed: Signal<bool>,
    live: LiveQuery<ListLoads>,
) -> impl IntoView {
    let clock = rows.clock();
    clock.run();
    let list = rows.clone();
    let each = move || list.order().as_ref().clone();
    let source = rows.clone();
    let row = move |load: LoadId| match source.row(load) {
        Some(row) => row_view(row, clock.clone(), sees_money),
        None => ().into_any(),
    };
    let newer = rows.clone();
    let fresh = move || {
        let count = newer.newer();
        (count > 0 && asked.with(|asked| asked.cursor.is_none())).then(|| {
            let words = if count == 1 { "1 new load".to_owned() } else { format!("{count} new loads") };
            view! {
                <button type="button" class="button button-small list-newer" on:click=move |_| live.refetch()>
                    {icon(Icon::Retry)}
                    {words}
                </button>
            }
        })
    };
    let counted = rows.clone();
    let is_empty = move || counted.order().is_empty();
    let heads = COLUMNS.map(|column| view! { <th scope="col">{column}</th> }.into_any()).into_iter().collect_view();
    view! {
        <div class="list-scroll" tabindex="0" role="region" aria-label="Loads" data-turning=move || dimmed.get().then_some("")>
            {fresh}
            <table class="list-table">
                <caption class="sr-only">"Loads, newest first"</caption>
                <thead>
                    <tr>
                        {heads}
                        {sees_money.then(|| view! { <th scope="col" class="list-number">"Revenue"</th> })}
                        {sees_money.then(|| view! { <th scope="col" class="list-number">"Margin"</th> })}
                    </tr>
                </thead>
                <tbody>
                    <For each key=|load| *load children=row />
                </tbody>
            </table>
            {move || is_empty().then(|| nothing(asked.with(|asked| asked.clone())))}
        </div>
    }
}

/// Why the table is empty, and the first step out of it.
fn nothing(asked: Asked) -> AnyView {
    let (words, way) = if asked.cursor.is_some() {
        ("There is nothing older.", Some(("Newest", Asked { cursor: None, ..asked }.address())))
    } else if !asked.filter.is_empty() {
        ("No load matches.", Some(("Show all loads", Asked::default().address())))
    } else {
        ("No load was booked yet. Loads that are booked or imported appear here.", None)
    };
    view! {
        <div class="list-nothing">
            <p>{words}</p>
            {way.map(|(label, href)| view! { <A href=href attr:class="button">{label}</A> })}
        </div>
    }
    .into_any()
}

fn row_view(row: ArcRwSignal<Row>, clock: Clock, sees_money: bool) -> AnyView {
    let load = row.with_untracked(|row| row.card.load_number.clone());
    let gone = row.clone();
    view! {
        <tr data-load=load data-gone=move || gone.with(|row| row.gone.then_some(""))>
            {move || row.with(|row| cells(&row.card, row.gone, clock.now(), sees_money))}
        </tr>
    }
    .into_any()
}

fn cells(card: &LoadCard, gone: bool, now: Timestamp, sees_money: bool) -> AnyView {
    let (href, number) = (format!("/loads/{}", card.id), card.load_number.clone());
    let carrier = card.carrier.as_ref().map(|carrier| {
        let driver = card.driver.as_ref().map(|driver| format!(" · {}", driver.name)).unwrap_or_default();
        format!("{}{driver}", carrier.name)
    });
    let in_full = carrier.clone().unwrap_or_default();
    let route = format!("{} to {}", card.origin, card.destination);
    let stops = (card.stops_between > 0).then(|| format!(" +{}", card.stops_between));
    let percent = card.finance.and_then(|finance| finance.margin_percent());
    let margin = percent.map_or_else(|| "–".to_owned(), |percent| format!("{:.0} %", percent.floor()));
    let revenue = card.finance.map_or_else(|| "–".to_owned(), |finance| finance.revenue.to_string());
    view! {
        <th scope="row" class="list-load">
            {urgency_mark(urgency(card, now))}
            {if gone {
                view! { <s>{number}</s> }.into_any()
            } else {
                view! { <A href=href>{number}</A> }.into_any()
            }}
            {card.hot.then(|| view! { <span class="card-mark mark-hot" title="Hot">{icon(Icon::Hot)}</span> })}
        </th>
        <td>{if gone { view! { <span class="list-quiet">"Deleted"</span> }.into_any() } else { status_badge(card.status) }}</td>
        <td title=format!("{route}, {} mi", grouped(card.miles.unsigned_abs().into()))>{route.clone()} {stops}</td>
        {window(&card.pickup, now)}
        {window(&card.delivery, now)}
        <td title=card.customer.clone()>{card.customer.clone()}</td>
        <td title=in_full>
            {match carrier {
                Some(carrier) => carrier.into_any(),
                None => view! { <span class="card-unassigned">"UNASSIGNED"</span> }.into_any(),
            }}
        </td>
        <td class="list-quiet">{age(now.since(card.updated_at))}</td>
        {sees_money.then(|| view! { <td class="list-number">{revenue}</td> })}
        {sees_money.then(|| view! { <td class="list-number">{margin}</td> })}
    }
    .into_any()
}

fn window(window: &Appointment, now: Timestamp) -> AnyView {
    view! { <td title=appointment_in_full(window)>{appointment_short(window, now)}</td> }.into_any()
}

/// How many there are, and the pages around this one. *Back* leads to the page before.
#[component]
pub fn Pager(rows: Rows, asked: Memo<Asked>) -> impl IntoView {
    let content = move || {
        let page = rows.page()?;
        let asked = asked.get();
        let total = grouped(page.total.unsigned_abs());
        let said = if page.total == 1 { "1 load".to_owned() } else { format!("{total} loads") };
        let first = asked.cursor.is_some().then(|| Asked { cursor: None, ..asked.clone() }.address());
        let next = page.next.map(|cursor| Asked { cursor: Some(cursor), ..asked }.address());
        Some(view! {
            <span class="list-total" role="status">{said}</span>
            {first.map(|href| view! { <A href=href attr:class="button button-small">"Newest"</A> })}
            {next.map(|href| view! { <A href=href attr:class="button button-small" attr:rel="next">{format!("Next {PAGE}")}</A> })}
        })
    };
    view! {
        <nav class="list-pager" aria-label="Pages">
            {content}
        </nav>
    }
}

/// Rows of the final size, empty.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    let rows = (0..14).map(|_| view! { <div class="list-skeleton-row"></div> }).collect_view();
    view! {
        <div class="list-skeleton" aria-hidden="true">
            {rows}
        </div>
        <p class="sr-only" role="status">
            "Loading the list"
        </p>
    }
}
