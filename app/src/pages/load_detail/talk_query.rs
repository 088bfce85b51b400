//! The messages of a load as they are fetched: the newest first, older ones when they are asked for.

use super::{load_model::LoadModel, talk_model::TalkModel};
use crate::{
    api::{
        ApiError, call,
        conversations::{ListLoadMessages, MessageList},
    },
    domain::id::{LoadId, MessageId},
};
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;

/// How many are fetched at once.
const AT_ONCE: u32 = 50;

/// Copied freely; it lives as long as the page.
#[derive(Clone, Copy)]
pub struct Talk {
    load: LoadId,
    model: StoredValue<LoadModel>,
    /// Loaded on the server and taken over by the browser.
    first: Resource<Result<MessageList, ApiError>>,
    taken: StoredValue<bool>,
    /// Some are on their way.
    pub fetching: RwSignal<bool>,
    /// Why the last fetch failed; what is known may have gaps at its end.
    pub error: RwSignal<Option<ApiError>>,
}

impl Talk {
    /// `after` is awaited before the first fetch: what is said from there on is heard.
    pub fn new<A>(after: impl Fn() -> A + Send + Sync + 'static, model: LoadModel) -> Self
    where
        A: Future<Output = Result<(), ApiError>> + Send + 'static,
    {
        let load = model.id();
        let first = Resource::new(
            || (),
            move |()| {
                let ready = after();
                async move {
                    ready.await?;
                    call(newest(load, None)).await
                }
            },
        );
        let talk = Self {
            load,
            model: StoredValue::new(model),
            first,
            taken: StoredValue::new(false),
            fetching: RwSignal::new(false),
            error: RwSignal::new(None),
        };
        // How much is unread is to be seen whichever part is shown.
        Effect::new(move |_| {
            if let Some(Ok(list)) = talk.first.get() {
                talk.take_first(list);
            }
        });
        talk
    }

    pub fn model(self) -> TalkModel {
        self.model.with_value(|model| model.talk().clone())
    }

    /// Waits for the newest messages. For a `Suspend`, and may be awaited again.
    pub async fn ready(self) -> Result<(), ApiError> {
        let list = self.first.await?;
        self.take_first(list);
        Ok(())
    }

    fn take_first(self, list: MessageList) {
        if self.taken.try_get_value() == Some(false) {
            self.taken.set_value(true);
            self.model().take_newest(list);
        }
    }

    /// Tries the first fetch again.
    pub fn retry(self) {
        self.first.refetch();
    }

    /// Something may have been missed.
    pub fn refresh(self) {
        if self.taken.try_get_value() == Some(true) {
            self.fetch(None);
        }
    }

    /// Fetches those that are older than all that are known.
    pub fn older(self) {
        let before = self.model().next.get_untracked();
        if before.is_some() && !self.fetching.get_untracked() {
            self.fetch(before);
        }
    }

    fn fetch(self, before: Option<MessageId>) {
        let model = self.model();
        self.fetching.set(true);
        spawn_local(async move {
            match call(newest(self.load, before)).await {
                Ok(list) => {
                    match before {
                        Some(_) => model.take_older(list),
                        None => model.take_newest(list),
                    }
                    self.error.try_set(None);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
            self.fetching.try_set(false);
        });
    }
}

fn newest(load: LoadId, before: Option<MessageId>) -> ListLoadMessages {
    ListLoadMessages { load, before, limit: Some(AT_ONCE) }
}
