//! How far an import is. Its id stands in the address, so that a reload loses nothing.

use super::{mistakes::mistakes, preview::counted};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        load_files::{GetImport, Import},
    },
    domain::money::grouped,
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;
use uuid::Uuid;

/// How often it is asked how far the import is; and how often while the server can't be reached.
const ASKS: Duration = Duration::from_millis(400);
const ASKS_AGAIN: Duration = Duration::from_secs(3);

#[derive(Clone, Copy)]
struct Watch {
    id: Uuid,
    known: RwSignal<Option<Import>>,
    error: RwSignal<Option<ApiError>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Watch {
    /// Asks until the import has ended, or nobody looks any more.
    fn ask(self) {
        spawn_local(async move {
            let answer = call(GetImport(self.id)).await.map(|answer| answer.data);
            let (error, again) = match &answer {
                Ok(import) => (None, (!import.finished).then_some(ASKS)),
                Err(error) if error.code == ErrorCode::Unreachable => (Some(error.clone()), Some(ASKS_AGAIN)),
                Err(error) => (Some(error.clone()), None),
            };
            if self.error.try_set(error).is_some() {
                return;
            }
            if let Ok(import) = answer {
                self.known.set(Some(import));
            }
            if let Some(wait) = again {
                self.timer.set_value(set_timeout_with_handle(move || self.ask(), wait).ok());
            }
        });
    }
}

#[component]
pub fn Progress(id: Uuid) -> impl IntoView {
    let watch = Watch { id, known: RwSignal::new(None), error: RwSignal::new(None), timer: StoredValue::new(None) };
    Effect::new(move |_| watch.ask());
    on_cleanup(move || {
        if let Some(timer) = watch.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
    // The table is made once it is complete; the figures follow along.
    let finished = Memo::new(move |_| watch.known.with(|known| known.as_ref().is_some_and(|import| import.finished)));
    let figures = move || watch.known.with(|known| known.as_ref().map(|import| (import.done, import.good)));
    let title = move || match (watch.known.get(), watch.error.get()) {
        (Some(import), _) if import.finished => format!("{} booked", counted(import.done, "load was", "loads were")),
        (Some(import), _) => format!("Booking {}", counted(import.good, "load", "loads")),
        (None, Some(error)) if error.code == ErrorCode::NotFound => "This import is not known any more".to_owned(),
        (None, _) => "Looking how far it is".to_owned(),
    };
    let sentence = move || match (watch.known.get(), watch.error.get()) {
        (Some(import), _) if import.finished => ending(&import),
        (_, Some(error)) => trouble(&error),
        (Some(import), None) => {
            format!(
                "{} of {} are booked. You may leave this page; it goes on.",
                grouped(import.done as u64),
                grouped(import.good as u64)
            )
        }
        (None, None) => String::new(),
    };
    let table = move || {
        finished.get().then(|| {
            watch.known.with_untracked(|known| {
                let errors = known.as_ref().map(|import| import.errors.clone()).unwrap_or_default();
                mistakes(format!("{} not booked", counted(errors.len(), "row was", "rows were")), &errors)
            })
        })
    };
    let ended = move || {
        finished.get() || watch.error.with(|error| error.as_ref().is_some_and(|it| it.code != ErrorCode::Unreachable))
    };
    view! {
        <section class="form-part" aria-labelledby="progress-title" data-import=move || if finished.get() { "finished" } else { "running" }>
            <h2 id="progress-title">{title}</h2>
            <progress
                class="import-progress"
                aria-labelledby="progress-title"
                hidden=move || figures().is_none()
                max=move || figures().map_or(1, |(_, good)| good.max(1)).to_string()
                prop:value=move || figures().map_or(0.0, |(done, _)| done as f64)
            ></progress>
            <p role="status">{sentence}</p>
            <div class="import-buttons" hidden=move || !ended()>
                <a class="button button-primary" href="/dispatch">
                    "Go to the Dispatch Board"
                </a>
                <a class="button" href="/loads/import">
                    "Import another file"
                </a>
            </div>
        </section>
        {table}
    }
    .into_any()
}

fn ending(import: &Import) -> String {
    let all = "They are on every open board.";
    match (import.done, import.total.saturating_sub(import.done)) {
        (0, _) => "No row of the file could be booked.".into(),
        (_, 0) => all.into(),
        (_, left) => format!(
            "{all} {} left out; put them right and import them by themselves.",
            counted(left, "row was", "rows were")
        ),
    }
}

fn trouble(error: &ApiError) -> String {
    match error.code {
        ErrorCode::NotFound => {
            "It ended more than an hour ago, or the server was started anew. The board shows what was booked: look there before you import the file again.".into()
        }
        ErrorCode::Unreachable => "The server can't be reached. It is asked again in a moment.".into(),
        ErrorCode::Unauthorized | ErrorCode::Expired => "Your session has ended. The import goes on; log in again to follow it.".into(),
        _ => error.message.clone(),
    }
}
