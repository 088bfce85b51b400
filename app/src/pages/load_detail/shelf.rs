//! A list of which the newest are shown, the older ones fetched when they are asked for, and what is new put on top.

use crate::api::{ApiError, Page, call};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// How many are fetched at once.
pub const AT_ONCE: u32 = 50;
/// News that come close together are fetched once.
const SETTLES: Duration = Duration::from_millis(120);

/// What is listed: known again by its id.
pub trait Listed: Clone + PartialEq + Send + Sync + 'static {
    type Id: PartialEq;
    fn id(&self) -> Self::Id;
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<Page<T>, ApiError>> + Send>>;
/// Fetches what follows a cursor.
type Fetch<T> = Arc<dyn Fn(Option<String>) -> Fetching<T> + Send + Sync>;

/// Copied freely; it lives as long as the page.
pub struct Shelf<T: Listed> {
    /// Newest first.
    pub entries: RwSignal<Vec<T>>,
    /// Ask with it for those that are older.
    pub next: RwSignal<Option<String>>,
    /// Older ones are on their way.
    pub fetching: RwSignal<bool>,
    /// Why the last fetch failed; what is listed may be old.
    pub error: RwSignal<Option<ApiError>>,
    /// Loaded on the server and taken over by the browser.
    first: Resource<Result<Page<T>, ApiError>>,
    fetch: StoredValue<Fetch<T>>,
    taken: StoredValue<bool>,
    /// Something came after the first page was fetched and before it was shown.
    news: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// Counts the questions for the newest: an answer that was overtaken says nothing any more.
    asked: StoredValue<u32>,
}

impl<T: Listed> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Listed> Copy for Shelf<T> {}

impl<T: Listed + serde::Serialize + serde::de::DeserializeOwned> Shelf<T> {
    /// `after` is awaited before the first fetch: what happens from there on is told by `refresh`. `request` makes the
    /// call for what follows a cursor.
    pub fn new<R, A>(
        after: impl Fn() -> A + Send + Sync + 'static,
        request: impl Fn(Option<String>) -> R + Send + Sync + 'static,
    ) -> Self
    where
        R: crate::api::Request<Response = Page<T>>,
        A: Future<Output = Result<(), ApiError>> + Send + 'static,
    {
        let fetch: Fetch<T> = Arc::new(move |cursor| Box::pin(call(request(cursor))));
        let first_fetch = fetch.clone();
        let first = Resource::new(
            || (),
            move |()| {
                let (ready, fetch) = (after(), first_fetch.clone());
                async move {
                    ready.await?;
                    fetch(None).await
                }
            },
        );
        let shelf = Self {
            entries: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            fetching: RwSignal::new(false),
            error: RwSignal::new(None),
            first,
            fetch: StoredValue::new(fetch),
            taken: StoredValue::new(false),
            news: StoredValue::new(false),
            timer: StoredValue::new(None),
            asked: StoredValue::new(0),
        };
        on_cleanup(move || shelf.stop());
        shelf
    }

    /// Waits for the first page. For a `Suspend`, and may be awaited again.
    pub async fn ready(self) -> Result<(), ApiError> {
        let page = self.first.await?;
        if self.taken.try_get_value() == Some(false) {
            self.taken.set_value(true);
            self.take_newest(page);
            if self.news.get_value() {
                self.fetch_newest();
            }
        }
        Ok(())
    }

    /// Tries the first fetch again.
    pub fn retry(self) {
        self.first.refetch();
    }

    /// There is something new: it is fetched, and what is listed stays meanwhile.
    pub fn refresh(self) {
        if self.taken.try_get_value() != Some(true) {
            self.news.try_set_value(true);
            return;
        }
        self.stop();
        let timer = set_timeout_with_handle(move || self.fetch_newest(), SETTLES).ok();
        self.timer.try_set_value(timer);
    }

    fn fetch_newest(self) {
        let Some(fetch) = self.fetch.try_get_value() else { return };
        self.asked.update_value(|asked| *asked = asked.wrapping_add(1));
        let question = self.asked.get_value();
        spawn_local(async move {
            let answer = fetch(None).await;
            if self.asked.try_get_value() != Some(question) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.take_newest(page);
                    self.error.try_set(None);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    fn take_newest(self, page: Page<T>) {
        let Some(known) = self.entries.try_get_untracked() else { return };
        let (entries, reaches) = merge(known, page.data);
        if !reaches {
            self.next.try_set(page.page.next);
        }
        if self.entries.with_untracked(|known| *known != entries) {
            self.entries.try_set(entries);
        }
    }

    /// Fetches those that are older than all that are listed.
    pub fn older(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        if self.fetching.get_untracked() {
            return;
        }
        let Some(fetch) = self.fetch.try_get_value() else { return };
        self.fetching.set(true);
        spawn_local(async move {
            let answer = fetch(Some(cursor.clone())).await;
            match answer {
                // The list was begun anew meanwhile.
                Ok(_) if self.next.try_get_untracked().flatten() != Some(cursor) => {}
                Ok(page) => {
                    self.entries.try_update(|entries| entries.extend(page.data));
                    self.next.try_set(page.page.next);
                    self.error.try_set(None);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
            self.fetching.try_set(false);
        });
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Puts the newest page over what is known. `false` beside it: the page does not reach what was known, so that what is
/// known is dropped rather than shown with a gap.
fn merge<T: Listed>(known: Vec<T>, newest: Vec<T>) -> (Vec<T>, bool) {
    let Some(last) = newest.last().map(Listed::id) else { return (newest, false) };
    let Some(meets) = known.iter().position(|entry| entry.id() == last) else { return (newest, false) };
    let mut entries = newest;
    entries.extend(known.into_iter().skip(meets + 1));
    (entries, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Note(u32, &'static str);

    impl Listed for Note {
        type Id = u32;
        fn id(&self) -> u32 {
            self.0
        }
    }

    fn notes(ids: &[u32]) -> Vec<Note> {
        ids.iter().map(|id| Note(*id, "")).collect()
    }

    #[test]
    fn what_is_new_comes_on_top_and_what_was_fetched_before_stays_below() {
        assert_eq!(merge(notes(&[5, 4, 3, 2, 1]), notes(&[7, 6, 5, 4])), (notes(&[7, 6, 5, 4, 3, 2, 1]), true));
        assert_eq!(merge(notes(&[2, 1]), notes(&[2, 1])), (notes(&[2, 1]), true));
    }

    #[test]
    fn what_has_changed_is_shown_as_it_is_now() {
        let (entries, _) = merge(notes(&[2, 1]), vec![Note(3, ""), Note(2, "mended")]);
        assert_eq!(entries, [Note(3, ""), Note(2, "mended"), Note(1, "")]);
    }

    #[test]
    fn a_list_that_was_left_behind_begins_anew_instead_of_hiding_a_gap() {
        assert_eq!(merge(notes(&[2, 1]), notes(&[9, 8])), (notes(&[9, 8]), false));
        assert_eq!(merge(notes(&[]), notes(&[2, 1])), (notes(&[2, 1]), false));
        assert_eq!(merge(notes(&[2]), notes(&[])), (notes(&[]), false));
    }
}
