//! The loads list: every load that the person may see, newest first, found by the same filter as on the board.
//!
//! `rows` is the live model, `table` shows it, `finder` narrows it down; the page that is shown stands in the address.

mod finder;
mod rows;
mod table;

use crate::{
    api::{ApiError, loads::ListLoads},
    components::icon::{Icon, icon},
    domain::{
        id::{LoadId, UserId},
        load::LoadCard,
        load_filter::{LoadFilter, Sieve, searched_text},
        role::Permission,
        time::Timestamp,
    },
    pages::{
        dispatch_board::freshness::{Freshness, why},
        layout::{CouldNotLoad, PageHeader, SessionOver, is_over, use_user},
    },
    realtime::{LiveQuery, Screen, use_live_query},
};
use finder::Finder;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use rows::Rows;
use table::{Pager, Table, TableSkeleton};

/// Loads of one page.
const PAGE: u32 = 50;
/// Three times the polling of the list, in milliseconds.
const STALE: i64 = 3 * 1_000 * Screen::Load.poll_seconds() as i64;

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    pub filter: LoadFilter,
    /// None: the newest.
    pub cursor: Option<String>,
}

impl Asked {
    fn read(query: &leptos_router::params::ParamsMap) -> Self {
        let mut asked = Self::default();
        for (name, value) in query.clone() {
            // What is no value of the filter is passed over: an old link still opens.
            if name == "cursor" {
                asked.cursor = value.parse::<LoadId>().is_ok().then_some(value);
            } else {
                let _ = asked.filter.take(&name, &value);
            }
        }
        asked
    }

    /// The address of this page of the list.
    pub fn address(&self) -> String {
        let mut query = leptos_router::params::ParamsMap::new();
        for (name, value) in self.filter.pairs() {
            query.insert(name, value);
        }
        if let Some(cursor) = &self.cursor {
            query.insert("cursor", cursor.clone());
        }
        format!("/loads{}", query.to_query_string())
    }

    fn lets_pass(&self, card: &LoadCard, me: UserId, now: Timestamp) -> bool {
        Sieve::new(&self.filter, me, now).passes(card, &searched_text(card))
    }

    fn request(&self) -> ListLoads {
        ListLoads { filter: self.filter.clone(), cursor: self.cursor.clone(), limit: Some(PAGE) }
    }
}

#[component]
pub fn LoadList() -> impl IntoView {
    let user = use_user();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    // Known once the page is; nothing is told before.
    let me = StoredValue::new(None::<UserId>);
    let rows = Rows::of(Box::new(move |card, now| {
        let me = me.try_get_value().flatten();
        let passes = |me| asked.try_with_untracked(|asked| asked.lets_pass(card, me, now));
        me.and_then(passes).unwrap_or(true)
    }));
    let live = use_live_query(Screen::Load, move || asked.get_untracked().request(), rows.clone());
    // Another filter or page: what is shown stays, dimmed, until the answer is there.
    let turning = RwSignal::new(false);
    Effect::new(move |before: Option<Asked>| {
        let asked = asked.get();
        if before.is_some_and(|before| before != asked) {
            turning.set(true);
            live.refetch();
        }
        asked
    });
    // It may fail: what is shown is then still what was shown before, and is not dimmed for ever.
    let failed = Memo::new(move |_| live.error().get().filter(|_| turning.get()));
    let dimmed = Signal::derive(move || turning.get() && failed.with(Option::is_none));
    let turned = rows.clone();
    Effect::new(move |_| {
        turned.page();
        turning.set(false);
    });
    let retry = Callback::new(move |()| {
        user.refetch();
        live.refetch();
    });
    let clock = rows.clock();
    let table = move || {
        let rows = rows.clone();
        Suspend::new(async move {
            let user = match user.await {
                Ok(user) => user,
                Err(error) => return instead(error, retry),
            };
            match live.ready().await {
                Ok(()) => {
                    me.set_value(Some(user.id));
                    let sees_money = user.role.may(Permission::FinanceView);
                    view! {
                        <Table rows=rows.clone() asked sees_money dimmed live />
                        <Pager rows asked />
                    }
                    .into_any()
                }
                Err(error) => instead(error, retry),
            }
        })
    };
    view! {
        <PageHeader title="Loads">
            <Finder asked />
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    user.await.is_ok_and(|user| user.role.may(Permission::LoadChange)).then(book_links)
                })}
            </Suspense>
        </PageHeader>
        <main id="main" class="load-list" tabindex="-1">
            <div class="list-failed" role="alert">{move || failed.get().map(|error| not_turned(&error, live))}</div>
            <Suspense fallback=|| view! { <TableSkeleton /> }>{table}</Suspense>
            <Freshness fresh_at=live.fresh_at() error=live.error() clock stale=STALE />
        </main>
    }
}

/// What was asked for is not there; what is shown is another filter's or page's.
fn not_turned(error: &ApiError, live: LiveQuery<ListLoads>) -> AnyView {
    let why = why(error);
    view! {
        <p>"What you asked for could not be loaded. " {why} " What you see is what was there before."</p>
        <button type="button" class="button button-small" on:click=move |_| live.refetch()>
            {icon(Icon::Retry)}
            "Try again"
        </button>
    }
    .into_any()
}

fn book_links() -> AnyView {
    view! {
        <A href="/loads/import" attr:class="button button-small list-link">"Import"</A>
        <A href="/loads/new" attr:class="button button-small button-primary list-link">"New load"</A>
    }
    .into_any()
}

fn instead(error: ApiError, retry: Callback<()>) -> AnyView {
    if is_over(&error) {
        view! { <SessionOver error /> }.into_any()
    } else {
        view! { <CouldNotLoad what="The list" error on_retry=retry /> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card};
    use leptos_router::params::ParamsMap;

    const CURSOR: &str = "0198f000-0000-7000-8000-000000000001";

    #[test]
    fn the_address_holds_filter_and_page() {
        let mut query = ParamsMap::new();
        for (name, value) in
            [("q", "acme"), ("status", "PENDING"), ("cursor", CURSOR), ("utm", "x"), ("from", "nowhere")]
        {
            query.insert(name, value.to_owned());
        }
        let asked = Asked::read(&query);
        assert_eq!(asked.address(), format!("/loads?q=acme&status=PENDING&cursor={}", CURSOR.replace('-', "%2D")));
        assert_eq!(asked.request().limit, Some(50));
        assert_eq!(Asked::default().address(), "/loads");
    }

    #[test]
    fn a_new_load_passes_as_the_address_asks() {
        let me = UserId(uuid::Uuid::nil());
        let mut asked = Asked::default();
        assert!(asked.lets_pass(&card(1), me, NOW));
        asked.filter.text = "acme 00001".into();
        assert!(asked.lets_pass(&card(1), me, NOW) && !asked.lets_pass(&card(2), me, NOW));
    }
}
