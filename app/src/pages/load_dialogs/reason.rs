//! Asking for a reason: in a dialog of its own, or as a field of another.

use crate::{components::dialog::Dialog, domain::bounds::REASON_CHARS};
use leptos::{html, prelude::*};

/// The words in which a reason is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonWords {
    pub title: String,
    /// What becomes of the reason.
    pub text: &'static str,
    /// The button that goes on.
    pub yes: String,
    /// The button that leaves it.
    pub no: String,
}

/// Asks for a reason. `on_give` gets it, trimmed and not empty; the page then takes the dialog away.
#[component]
pub fn ReasonDialog(
    words: ReasonWords,
    #[prop(into)] on_give: Callback<String>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let field = ReasonField::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(reason) = field.given() {
            on_give.run(reason);
        }
    };
    view! {
        <Dialog title=words.title on_close typed=field.is_typed()>
            <p class="dialog-text">{words.text}</p>
            <form on:submit=submit novalidate>
                {field.view("Reason", true)}
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| on_close.run(())>
                        {words.no}
                    </button>
                    <button type="submit" class="button button-primary">
                        {words.yes}
                    </button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// A field for a reason. Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
pub(in crate::pages) struct ReasonField {
    text: RwSignal<String>,
    is_missing: RwSignal<bool>,
    input: NodeRef<html::Textarea>,
}

impl ReasonField {
    pub fn new() -> Self {
        Self { text: RwSignal::new(String::new()), is_missing: RwSignal::new(false), input: NodeRef::new() }
    }

    pub fn is_typed(self) -> Signal<bool> {
        Signal::derive(move || self.text.with(|text| !text.trim().is_empty()))
    }

    pub fn focus(self) {
        if let Some(input) = self.input.get_untracked() {
            let _ = input.focus();
        }
    }

    /// What was written. Where nothing was, the field says so and takes the focus.
    pub fn given(self) -> Option<String> {
        let text = self.text.with_untracked(|text| text.trim().to_owned());
        if text.is_empty() {
            self.is_missing.set(true);
            self.focus();
            return None;
        }
        Some(text)
    }

    /// The field. With `at_once` it has the focus when the dialog opens.
    pub fn view(self, label: &'static str, at_once: bool) -> AnyView {
        let is_wrong = move || self.is_missing.get() && !self.is_typed().get();
        let note = move || {
            if is_wrong() {
                return "Write a reason first.".to_owned();
            }
            let used = self.text.with(|text| text.encode_utf16().count());
            format!("{used} of {REASON_CHARS} characters")
        };
        view! {
            <label class="field">
                <span class="field-label">{label}</span>
                <textarea
                    class="input"
                    node_ref=self.input
                    name="reason"
                    rows="3"
                    required
                    autofocus=at_once
                    maxlength=REASON_CHARS.to_string()
                    aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby="reason-note"
                    prop:value=self.text
                    on:input=move |event| self.text.set(event_target_value(&event))
                ></textarea>
            </label>
            <p id="reason-note" class="field-note" data-error=move || is_wrong().then_some("")>
                {note}
            </p>
        }
        .into_any()
    }
}
