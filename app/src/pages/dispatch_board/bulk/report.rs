//! What became of each of many loads: how many it was done to, and the others with their reasons.

use crate::{
    components::{clipboard, dialog::Dialog},
    pages::dispatch_board::desk::{BulkReport, Desk, Overlay},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn ReportDialog(desk: Desk) -> impl IntoView {
    desk.offer_late_report();
    move || match desk.overlay.get() {
        Some(Overlay::Report(report)) => Some(dialog(desk, report)),
        _ => None,
    }
}

fn dialog(desk: Desk, report: BulkReport) -> AnyView {
    let close = Callback::new(move |()| desk.close_overlay());
    let title = report.headline();
    let text = written(&report);
    let toasts = desk.toasts;
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            if clipboard::copy(&text).await {
                toasts.notice("List copied");
            } else {
                toasts.refusal("The browser did not let us copy.");
            }
        });
    };
    // Not "was not done": where no answer came, nobody knows.
    let lead = match report.refused.len() {
        1 => "The other one, with the reason. It stays selected.".to_owned(),
        many => format!("The other {many}, each with its reason. They stay selected."),
    };
    let row = |(number, reason): (String, String)| {
        view! {
            <li class="report-row" data-refused=number.clone()>
                <span class="card-number">{number.clone()}</span>
                <span>{reason}</span>
            </li>
        }
    };
    view! {
        <Dialog title on_close=close>
            <p class="dialog-text">{lead}</p>
            <ul class="report" role="list" tabindex="0" aria-label="Loads that it was not done to">
                {report.refused.into_iter().map(row).collect_view()}
            </ul>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=copy>
                    "Copy list"
                </button>
                <button type="button" class="button button-primary" autofocus on:click=move |_| close.run(())>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// As it is copied: a line a load.
fn written(report: &BulkReport) -> String {
    let rows = report.refused.iter().map(|(number, reason)| format!("\n{number}\t{reason}"));
    std::iter::once(report.headline()).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_names_every_load_and_its_reason() {
        let refused = vec![("LD-1".to_owned(), "It has no carrier.".to_owned())];
        let report = BulkReport { done: "dispatched".into(), good: 3, refused };
        assert_eq!(written(&report), "3 of 4 loads dispatched\nLD-1\tIt has no carrier.");
    }
}
