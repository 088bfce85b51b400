//! Asks before a truck is sent: with which driver, knowing who goes where.

use super::{
    driver_field::{DriverChoice, driver_field},
    host::SharedHost,
    sending::{Change, Sending},
};
use crate::{
    api::load_actions::{Dispatch, DispatchLoad},
    components::{dialog::Dialog, relative_time::appointment},
    domain::{load::LoadCard, status::LoadStatus, time::Timestamp},
};
use leptos::prelude::*;

/// Sends the truck of a load whose carrier has accepted.
#[component]
pub fn DispatchDialog(card: LoadCard, host: SharedHost) -> impl IntoView {
    let sending = Sending::new();
    let title = format!("Dispatch {}?", card.load_number);
    let load = RwSignal::new(card);
    let carrier = Memo::new(move |_| load.with(|card| card.carrier.as_ref().map(|carrier| carrier.id)));
    let driver = load.with_untracked(|card| DriverChoice::of(Some(card), carrier));
    let now = host.now();
    let close = {
        let host = host.clone();
        Callback::new(move |()| host.close())
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let card = load.get_untracked();
        let body = Dispatch { version: card.version, driver_id: untrack(|| driver.chosen()) };
        let answer = sending.errand.call(DispatchLoad { id: card.id, body });
        let change = Change {
            to: Some(LoadStatus::Dispatched),
            done: format!("{} is dispatched.", card.load_number),
            request: Box::pin(async move { answer.await.map(|answer| answer.data) }),
            card,
        };
        sending.send(host.clone(), change);
    };
    let take_newer = Callback::new(move |newer: LoadCard| {
        driver.take(&newer);
        load.set(newer);
    });
    let words = Signal::derive(move || if sending.is_under_way() { "Dispatching…" } else { "Dispatch" }.to_owned());
    view! {
        <Dialog title on_close=close shown=sending.is_shown()>
            <p class="dialog-text">{move || load.with(|card| trip(card, now))}</p>
            <form on:submit=submit novalidate>
                {driver_field(driver, "No driver yet")} {sending.trouble(take_newer)}
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| close.run(())>
                        "Not yet"
                    </button>
                    {sending.button(words, true)}
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Who is sent where, and since when it may not be dispatched where it is something else by now.
fn trip(card: &LoadCard, now: Timestamp) -> String {
    let carrier = card.carrier.as_ref().map_or("The carrier", |carrier| &carrier.name);
    let pickup = appointment(&card.pickup, now);
    let status = (card.status != LoadStatus::Accepted).then(|| format!(" It is {} now.", card.status));
    format!("{carrier} goes {} to {}, pickup {pickup}.{}", card.origin, card.destination, status.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card_in};

    #[test]
    fn a_dispatch_is_confirmed_knowing_who_goes_where_and_when() {
        assert_eq!(
            trip(&card_in(1, LoadStatus::Accepted), NOW),
            "Swift Haul goes Joliet, IL to Dallas, TX, pickup Tomorrow 08:05–10:05 CST."
        );
        assert!(trip(&card_in(1, LoadStatus::Dispatched), NOW).ends_with(" It is Dispatched now."));
    }
}
