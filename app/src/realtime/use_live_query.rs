//! A screen is a snapshot plus a fold: fetched once, and kept true by the events after it.

use super::{
    Screen,
    link::{self, IN_BROWSER},
    query::{Fetched, Fetching, Filling, Query, Target},
    socket_provider::use_realtime,
};
use crate::{
    api::{ApiError, InPage, Loaded, Request, Snapshot, call, events::GetEvents},
    domain::time::Timestamp,
    events::{AnyEnvelope, Namespace, RawEnvelope},
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    rc::{Rc, Weak},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

/// What a screen shows. Cheap to clone; all clones are one model.
pub trait LiveModel: Clone + Send + Sync + 'static {
    /// The `data` of the snapshot.
    type Snapshot: Serialize + DeserializeOwned + Clone + Send + Sync + 'static;

    /// Replaces everything: at first, and whenever events were missed that can't be had any more.
    fn reset(&self, snapshot: Self::Snapshot);

    /// Applies an event. Each comes once and in the order of its stream; volatile ones as they come.
    fn fold(&self, envelope: &AnyEnvelope);
}

/// A live query. See [`use_live_query`].
pub struct LiveQuery<R: Request> {
    /// Loaded on the server and taken over by the browser; later snapshots do not pass through it, so that what
    /// awaits it is rendered once.
    first: Resource<Result<Loaded<R>, ApiError>, InPage>,
    install: StoredValue<Arc<Install<R>>>,
    /// None on the server.
    query: Option<StoredValue<Rc<Query>, LocalStorage>>,
    fresh_at: RwSignal<Option<Timestamp>>,
    error: RwSignal<Option<ApiError>>,
}

impl<R: Request> Clone for LiveQuery<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Request> Copy for LiveQuery<R> {}

/// What becomes of the first snapshot.
struct Install<R: Request> {
    into_model: Box<dyn Fn(R::Response) + Send + Sync>,
    done: OnceLock<()>,
    first: Arc<First>,
}

/// The first request.
struct First {
    /// Milliseconds by the browser's clock when it was made, or when the page took over what the server had loaded.
    asked_at: AtomicI64,
    failed: AtomicBool,
}

impl<R: Request> LiveQuery<R> {
    /// Waits for the first snapshot and puts it into the model. For a `Suspend`, on the server as in the browser;
    /// may be awaited in several places.
    ///
    /// Fails as the first request did; [`LiveQuery::refetch`] tries again and lets the `Suspend` run anew.
    pub async fn ready(self) -> Result<(), ApiError> {
        let gone = || ApiError::unreachable("The page was left.");
        let install = self.install.try_get_value().ok_or_else(gone)?;
        match self.first.await {
            Ok(loaded) => {
                install.first.failed.store(false, Ordering::Relaxed);
                if let Some(snapshot) = loaded.take() {
                    install.done.get_or_init(|| (install.into_model)(snapshot));
                }
            }
            Err(error) => {
                install.first.failed.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Fetches the snapshot anew, such as after the request has changed. What is shown stays until it is there; the
    /// answer to a former request is dropped.
    pub fn refetch(self) {
        match self.query.and_then(|query| query.try_get_value()) {
            Some(query) if query.has_snapshot() => query.refetch(),
            _ => self.first.refetch(),
        }
    }

    /// Until when it is known that nothing was missed, by the browser's clock. None on the server and before the
    /// first snapshot.
    pub fn fresh_at(self) -> Signal<Option<Timestamp>> {
        self.fresh_at.into()
    }

    /// Why the last poll or refetch failed; what is shown is still what was shown before. None once all is well.
    pub fn error(self) -> Signal<Option<ApiError>> {
        self.error.into()
    }
}

/// Fetches a snapshot and keeps the model true by the events that follow.
///
/// It polls while there is no socket, asks for events that were missed, and fetches anew when they can't be had.
/// `request` is read without tracking, at each fetch. It needs a [`SocketProvider`](super::SocketProvider) around to
/// be live; without one it loads and refetches. [`LiveQuery::ready`] must be awaited: nothing is shown before.
pub fn use_live_query<R, T, M>(
    screen: Screen,
    request: impl Fn() -> R + Send + Sync + 'static,
    model: M,
) -> LiveQuery<R>
where
    R: Request<Response: Into<Snapshot<T>>>,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    M: LiveModel<Snapshot = T>,
{
    let request = Arc::new(request);
    let first = Arc::new(First { asked_at: AtomicI64::new(link_now()), failed: AtomicBool::new(false) });
    let load = {
        let (request, first) = (request.clone(), first.clone());
        move |()| {
            first.asked_at.store(link_now(), Ordering::Relaxed);
            let answer = call(request());
            async move { Loaded::new(answer.await?) }
        }
    };
    let resource = Resource::new_with_options(|| (), load, false);
    let (fresh_at, error) = (ArcRwSignal::new(None), ArcRwSignal::new(None));
    let query = IN_BROWSER.then(|| {
        let target = ScreenTarget { request, model: model.clone(), resource, first: first.clone() };
        start(screen, Box::new(target), fresh_at.clone(), error.clone())
    });
    let into_model = {
        let first = first.clone();
        move |answer: R::Response| match query.and_then(|query| query.try_get_value()) {
            Some(query) => query.install(fetched(&model, answer.into()), first.asked_at.load(Ordering::Relaxed)),
            None => model.reset(answer.into().data),
        }
    };
    let install = Install { into_model: Box::new(into_model), done: OnceLock::new(), first };
    LiveQuery {
        first: resource,
        install: StoredValue::new(Arc::new(install)),
        query,
        fresh_at: fresh_at.into(),
        error: error.into(),
    }
}

/// Makes the query hear the connection until its owner is cleaned up.
fn start(
    screen: Screen,
    target: Box<dyn Target>,
    fresh_at: ArcRwSignal<Option<Timestamp>>,
    error: ArcRwSignal<Option<ApiError>>,
) -> StoredValue<Rc<Query>, LocalStorage> {
    let realtime = use_realtime();
    let hub = realtime.hub();
    let query = Query::new(
        Some(screen.poll_seconds()),
        target,
        hub.as_ref().map_or_else(Weak::new, Rc::downgrade),
        fresh_at,
        error,
    );
    let key = hub.map(|hub| hub.add_query(query.clone()));
    let query = StoredValue::new_local(query);
    on_cleanup(move || {
        if let Some(query) = query.try_get_value() {
            query.end();
        }
        if let (Some(hub), Some(key)) = (realtime.hub(), key) {
            hub.remove_query(key);
        }
    });
    query
}

/// The server has a clock of its own, which nothing here asks for.
fn link_now() -> i64 {
    if IN_BROWSER { link::now() } else { 0 }
}

fn fetched<M: LiveModel>(model: &M, snapshot: Snapshot<M::Snapshot>) -> Fetched {
    let model = model.clone();
    Fetched { reset: Box::new(move || model.reset(snapshot.data)), cursors: snapshot.cursors }
}

struct ScreenTarget<R: Request, F, M> {
    request: Arc<F>,
    model: M,
    resource: Resource<Result<Loaded<R>, ApiError>, InPage>,
    first: Arc<First>,
}

impl<R, F, T, M> Target for ScreenTarget<R, F, M>
where
    R: Request<Response: Into<Snapshot<T>>>,
    F: Fn() -> R + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    M: LiveModel<Snapshot = T>,
{
    fn fetch(&self) -> Fetching {
        let request = untrack(|| (self.request)());
        let model = self.model.clone();
        Box::pin(async move { Ok(fetched(&model, call(request).await?.into())) })
    }

    fn fill(&self, request: GetEvents) -> Filling {
        Box::pin(call(request))
    }

    fn request(&self) -> String {
        untrack(|| (self.request)()).path()
    }

    fn fold(&self, namespace: Namespace, event: Rc<RawEnvelope>) -> serde_json::Result<()> {
        // One that is unknown to this version of the page: it shows nothing of it either.
        if let Some(event) = Rc::unwrap_or_clone(event).read(namespace)? {
            self.model.fold(&event);
        }
        Ok(())
    }

    fn retry_first(&self) {
        if self.first.failed.swap(false, Ordering::Relaxed) {
            self.resource.refetch();
        }
    }
}
