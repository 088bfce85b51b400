//! A field of a form: its label, what helps to fill it in, and what is wrong with it, in words.

use leptos::prelude::*;

/// Wraps the control whose element id is `id`. The control says `aria-describedby=note_id(id)`, so that what is wrong
/// with it is read with it.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// What helps, while nothing is wrong.
    #[prop(into, optional)]
    hint: Signal<String>,
    /// What is wrong, and what to do.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let note = move || error.get().unwrap_or_else(|| hint.get());
    view! {
        <div class="field" data-field=id.clone() data-invalid=move || error.with(Option::is_some).then_some("")>
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            {children()}
            <p id=note_id(&id) class="field-note" data-error=move || error.with(Option::is_some).then_some("")>
                {note}
            </p>
        </div>
    }
    .into_any()
}

/// The element that says what helps or is wrong.
pub fn note_id(id: &str) -> String {
    format!("{id}-note")
}

/// For `aria-invalid`.
pub fn invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    move || error.with(Option::is_some).then_some("true")
}
