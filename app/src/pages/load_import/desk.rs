//! The import at work: reading what is given, asking the server what it would do, and starting it.

use super::{
    decode::decode,
    sheet::{Sheet, sheet},
};
use crate::{
    api::{
        ApiError, Errand, ErrorCode, call,
        load_files::{Import, ImportLoads},
    },
    domain::money::grouped,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

/// Far more than 5,000 loads are: what is larger is not even read.
const MOST_BYTES: f64 = 16.0 * 1024.0 * 1024.0;

type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// A file that the server has judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub name: String,
    pub sheet: Sheet,
    pub import: Import,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    Choosing,
    /// A file is read and judged.
    Judging(String),
    Preview(Arc<Seen>),
}

/// What the parts of the page share. Copied freely.
#[derive(Clone, Copy)]
pub struct ImportDesk {
    pub stage: RwSignal<Stage>,
    /// Why a file was not taken, or not booked.
    pub problem: RwSignal<Option<String>>,
    pub starting: RwSignal<bool>,
    errand: Errand,
    go: StoredValue<Go>,
}

impl ImportDesk {
    pub fn new() -> Self {
        let navigate = use_navigate();
        let go: Go = Arc::new(move |address| navigate(address, NavigateOptions::default()));
        Self {
            stage: RwSignal::new(Stage::Choosing),
            problem: RwSignal::new(None),
            starting: RwSignal::new(false),
            errand: Errand::new(),
            go: StoredValue::new(go),
        }
    }

    /// Whether something is under way that another file must wait for.
    pub fn is_busy(self) -> bool {
        self.stage.with_untracked(|stage| matches!(stage, Stage::Judging(_))) || self.starting.get_untracked()
    }

    /// Back to the choice.
    pub fn choose_another(self) {
        self.problem.set(None);
        self.stage.set(Stage::Choosing);
    }

    /// Takes a file whose bytes come later. `size` is in bytes.
    pub fn take_file<R>(self, name: String, size: f64, read: R)
    where
        R: Future<Output = Result<Vec<u8>, String>> + 'static,
    {
        if self.is_busy() {
            return;
        }
        if size > MOST_BYTES {
            let megabytes = (size / 1024.0 / 1024.0).round() as u64;
            let text = format!(
                "{name} has {} MB. 5,000 loads, the most that go in at once, have about one.",
                grouped(megabytes)
            );
            self.refuse(text);
            return;
        }
        self.problem.set(None);
        self.stage.set(Stage::Judging(name.clone()));
        spawn_local(async move {
            let bytes = match read.await {
                Ok(bytes) => bytes,
                Err(why) => return self.refuse(format!("{name} could not be read: {why}")),
            };
            match decode(&bytes) {
                Ok((text, note)) => self.judge(name, &text, note).await,
                Err(why) => self.refuse(format!("{name}: {why}")),
            }
        });
    }

    /// Takes rows that were pasted.
    pub fn take_text(self, text: String) {
        if self.is_busy() {
            return;
        }
        self.problem.set(None);
        self.stage.set(Stage::Judging("The rows".into()));
        spawn_local(async move { self.judge("Pasted rows".into(), &text, None).await });
    }

    async fn judge(self, name: String, text: &str, note: Option<&str>) {
        let mut sheet = match sheet(text) {
            Ok(sheet) => sheet,
            Err(why) => return self.refuse(format!("{name}: {why}")),
        };
        sheet.notes.extend(note.map(str::to_owned));
        match call(ImportLoads { csv: sheet.csv.clone(), confirm: false }).await {
            Ok(answer) => {
                let seen = Seen { name, sheet, import: answer.data };
                self.stage.try_set(Stage::Preview(Arc::new(seen)));
            }
            Err(error) => self.refuse(format!("{name} was not taken. {}", in_words(&error))),
        }
    }

    /// Books the rows that are good.
    pub fn start(self, csv: String) {
        if self.is_busy() {
            return;
        }
        self.starting.set(true);
        self.problem.set(None);
        let answer = self.errand.call(ImportLoads { csv, confirm: true });
        spawn_local(async move {
            let answer = answer.await;
            if self.starting.try_set(false).is_some() {
                return;
            }
            match answer.map(|answer| answer.data.id) {
                Ok(Some(id)) => {
                    self.stage.set(Stage::Choosing);
                    self.go.get_value()(&format!("/loads/import?id={id}"));
                }
                Ok(None) => {
                    self.problem.set(Some("The server did not say how to follow the import. Look at the board.".into()))
                }
                Err(error) => self.problem.set(Some(not_started(&error))),
            }
        });
    }

    fn refuse(self, why: String) {
        self.problem.try_set(Some(why));
        self.stage.try_set(Stage::Choosing);
    }
}

/// What is known of an import that was not seen to begin.
fn not_started(error: &ApiError) -> String {
    match error.code {
        // It may have arrived, and only the answer was lost.
        ErrorCode::Unreachable => {
            "No answer came. The loads may be on their way already; press the button again, and they are booked once."
                .into()
        }
        _ => format!("Nothing was booked. {}", in_words(error)),
    }
}

fn in_words(error: &ApiError) -> String {
    match error.code {
        ErrorCode::PayloadTooLarge => "It is larger than the server takes at once. Split it into smaller files.".into(),
        ErrorCode::Unauthorized | ErrorCode::Expired => {
            "Your session has ended. Log in again, and choose it anew.".into()
        }
        _ => error.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_import_without_an_answer_no_more_is_said_than_is_known() {
        assert!(not_started(&ApiError::unreachable("Failed to fetch")).starts_with("No answer came. The loads may be"));
        let refused = ApiError::new(ErrorCode::Forbidden, "Your role may not change loads.");
        assert_eq!(not_started(&refused), "Nothing was booked. Your role may not change loads.");
    }
}
