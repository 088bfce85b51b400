//! What a page was rendered with, on its way into the browser.
//!
//! An answer of thousands of rows is not to be copied: it is written for the page as soon as it is there, and handed on
//! to whoever shows it.

use super::{ApiError, Request};
use leptos::server::codee::{Decoder, Encoder};
use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

/// An answer that is shown once. Clones are the same answer.
pub struct Loaded<R: Request>(Arc<Inner<R>>);

struct Inner<R: Request> {
    answer: Mutex<Option<R::Response>>,
    /// As the page carries it; empty in the browser.
    written: String,
}

impl<R: Request> Clone for Loaded<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R: Request> Loaded<R> {
    /// An answer that has just come. On the server it is written for the page now.
    pub fn new(answer: R::Response) -> Result<Self, ApiError> {
        let written = if cfg!(feature = "ssr") {
            R::write_in_page(&answer).map_err(|error| ApiError::unreachable(format!("It can't be written: {error}")))?
        } else {
            String::new()
        };
        Ok(Self(Arc::new(Inner { answer: Mutex::new(Some(answer)), written })))
    }

    /// The answer, for the first who asks.
    pub fn take(&self) -> Option<R::Response> {
        self.0.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Writes what a resource has loaded into the page, and reads it there: a success as its request says, a failure as JSON.
pub struct InPage;

const SUCCESS: char = '+';
const FAILURE: char = '-';

impl<R: Request> Encoder<Result<Loaded<R>, ApiError>> for InPage {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(loaded: &Result<Loaded<R>, ApiError>) -> Result<String, serde_json::Error> {
        Ok(match loaded {
            Ok(loaded) => format!("{SUCCESS}{}", without_tags(&loaded.0.written)),
            Err(error) => format!("{FAILURE}{}", serde_json::to_string(error)?),
        })
    }
}

impl<R: Request> Decoder<Result<Loaded<R>, ApiError>> for InPage {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<Result<Loaded<R>, ApiError>, serde_json::Error> {
        if let Some(written) = text.strip_prefix(SUCCESS) {
            let answer = Mutex::new(Some(R::read_from_page(&with_tags(written))?));
            return Ok(Ok(Loaded(Arc::new(Inner { answer, written: String::new() }))));
        }
        serde_json::from_str(text.strip_prefix(FAILURE).unwrap_or(text)).map(Err)
    }
}

/// Begins what stands for a character that a page must not hold as it is.
const ESCAPE: char = '\u{1}';

/// The framework writes `<` as `\\u003c`, which only a reader of JSON would take back: so there is none.
fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => written.extend([ESCAPE, 't']),
            ESCAPE => written.extend([ESCAPE, 'e']),
            other => written.push(other),
        }
    }
    Cow::Owned(written)
}

/// Takes [`without_tags`] back.
fn with_tags(text: &str) -> Cow<'_, str> {
    if !text.contains(ESCAPE) {
        return Cow::Borrowed(text);
    }
    let mut read = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        read.push(match character {
            ESCAPE if characters.next() == Some('t') => '<',
            other => other,
        });
    }
    Cow::Owned(read)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        api::{
            ErrorCode, Snapshot,
            loads::{Board, GetBoard},
        },
        domain::test_cards::{NOW, card},
    };

    #[test]
    fn an_answer_reaches_the_browser_and_is_shown_once() {
        let sent = Snapshot {
            data: Board { cards: vec![card(1)], now: NOW, rules: Default::default() },
            cursors: Default::default(),
        };
        let loaded = Loaded::<GetBoard>::new(sent.clone()).unwrap();
        assert_eq!(loaded.clone().take(), Some(sent.clone()));
        let text = InPage::encode(&Ok(loaded)).unwrap();
        let there: Result<Loaded<GetBoard>, ApiError> = InPage::decode(&text).unwrap();
        let there = there.unwrap();
        assert_eq!((there.take(), there.take()), (Some(sent), None));
    }

    #[test]
    fn nothing_in_a_page_looks_like_a_tag() {
        for text in ["plain", "</script><b>", "\u{1}t<\u{1}\u{1}e<"] {
            let written = without_tags(text);
            assert!(!written.contains('<'), "{written:?}");
            assert_eq!(with_tags(&written), text);
        }
    }

    #[test]
    fn a_failure_reaches_the_browser_too() {
        let error = ApiError::new(ErrorCode::Forbidden, "Not \"you\".");
        let text = InPage::encode(&Err::<Loaded<GetBoard>, _>(error.clone())).unwrap();
        let there: Result<Loaded<GetBoard>, ApiError> = InPage::decode(&text).unwrap();
        assert_eq!(there.err(), Some(error));
    }
}
