//! The loads list: every load that the person may see, newest first, found by the same filter as on the board.
//!
//! `rows` is the live model, `table` shows it, `finder` narrows it down; the page that is shown stands in the address.

mod finder;
mod rows;
mod table;

use crate::{
    api::{ApiError, loads::ListLoads},
    domain::{load_filter::LoadFilter, role::Permission},
    pages::layout::{CouldNotLoad, PageHeader, SessionOver, is_over, use_user},
    realtime::{Screen, use_live_query},
};
use finder::Finder;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use rows::Rows;
use table::{Pager, Table, TableSkeleton};

/// Loads of one page.
const PAGE: u32 = 50;

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
                asked.cursor = Some(value);
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

    fn request(&self) -> ListLoads {
        ListLoads { filter: self.filter.clone(), cursor: self.cursor.clone(), limit: Some(PAGE) }
    }
}

#[component]
pub fn LoadList() -> impl IntoView {
    let user = use_user();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    let rows = Rows::default();
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
    let turned = rows.clone();
    Effect::new(move |_| {
        turned.page();
        turning.set(false);
    });
    let retry = Callback::new(move |()| {
        user.refetch();
        live.refetch();
    });
    let table = move || {
        let rows = rows.clone();
        Suspend::new(async move {
            let user = match user.await {
                Ok(user) => user,
                Err(error) => return instead(error, retry),
            };
            match live.ready().await {
                Ok(()) => {
                    let sees_money = user.role.may(Permission::FinanceView);
                    view! {
                        <Table rows=rows.clone() asked sees_money turning live />
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
            <Suspense fallback=|| view! { <TableSkeleton /> }>{table}</Suspense>
        </main>
    }
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
    use leptos_router::params::ParamsMap;

    #[test]
    fn the_address_holds_filter_and_page() {
        let mut query = ParamsMap::new();
        for (name, value) in [("q", "acme"), ("status", "PENDING"), ("cursor", "c1"), ("utm", "x"), ("from", "nowhere")]
        {
            query.insert(name, value.to_owned());
        }
        let asked = Asked::read(&query);
        assert_eq!(asked.address(), "/loads?q=acme&status=PENDING&cursor=c1");
        assert_eq!(asked.request().limit, Some(50));
        assert_eq!(Asked::default().address(), "/loads");
    }
}
