//! The form as it is seen.

use super::{
    conflict::ConflictQuestion,
    desk::FormDesk,
    draft::Text,
    fields::{Typed, choice_field, text_field},
    leave::{self, LeaveQuestion},
    search,
    stops::Stops,
};
use crate::{
    components::{
        combobox::{Choice, Combobox},
        field::Field,
    },
    domain::{
        load::{CarrierRef, Equipment},
        money::{Currency, Finance, Money, grouped},
    },
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

#[component]
pub fn Form(desk: FormDesk) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    desk.keep_draft();
    leave::watch(desk);
    take_what_was_typed(form);
    let send = move || if desk.is_new() { desk.book(false) } else { desk.save() };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            send();
        }
    };
    view! {
        <form class="form" node_ref=form novalidate autocomplete="off" on:submit=on_submit on:keydown=on_key>
            {head(desk)}
            {what(desk)}
            <Stops desk />
            {freight(desk)}
            {who(desk)}
            {buttons(desk)}
        </form>
        <LeaveQuestion desk />
        <ConflictQuestion desk />
    }
    .into_any()
}

/// What was typed before the page's program was there counts; so does what the browser has put back.
fn take_what_was_typed(form: NodeRef<html::Form>) {
    Effect::new(move |before: Option<()>| {
        let Some(form) = form.get_untracked().filter(|_| before.is_none()) else { return };
        let fields = form.elements();
        for field in (0..fields.length()).filter_map(|index| fields.item(index)) {
            let was_typed = match field.dyn_ref::<web_sys::HtmlInputElement>() {
                Some(input) => input.type_() != "checkbox" && input.value() != input.default_value(),
                None => field
                    .dyn_ref::<web_sys::HtmlTextAreaElement>()
                    .is_some_and(|area| area.default_value().is_ok_and(|first| first != area.value())),
            };
            if was_typed && let Ok(event) = web_sys::Event::new("input") {
                let _ = field.dispatch_event(&event);
            }
        }
    });
}

/// What is wrong with the whole, how much there is to put right, and what was found in the tab.
fn head(desk: FormDesk) -> AnyView {
    let whole = desk.problem("");
    let summary = move || {
        whole.get().or_else(|| {
            Some(match desk.problems.with(Vec::len) {
                0 => return None,
                1 => "One thing is to be put right first. It is marked below.".to_owned(),
                count => format!("{count} things are to be put right first. They are marked below."),
            })
        })
    };
    let number = move || {
        let title = |load: &crate::domain::load::Load| format!("Edit {}", load.card.load_number);
        desk.load.with(|load| load.as_ref().map(title))
    };
    view! {
        {move || number().map(|title| view! { <h2 class="form-title">{title}</h2> })}
        <div id="form-problems" role="alert" tabindex="-1" class="form-problems">
            {move || summary().map(|text| view! { <p class="form-problem">{text}</p> })}
        </div>
        <Show when=move || desk.restored.get()>
            <div class="form-restored" data-restored>
                <p>"What you had typed here before is back."</p>
                <button type="button" class="button button-small" on:click=move |_| desk.give_up()>
                    "Start afresh"
                </button>
            </div>
        </Show>
    }
    .into_any()
}

fn part(title: &'static str, id: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="form-part" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn what(desk: FormDesk) -> AnyView {
    let error = desk.problem("customer");
    let equipment = Signal::derive(move || desk.draft.with(|draft| draft.equipment.clone()));
    let choices = std::iter::once(("", "Choose…")).chain(Equipment::ALL.map(|kind| (kind.code(), kind.label())));
    let hot = move || desk.draft.with(|draft| draft.hot);
    let content = view! {
        <div class="form-row form-row-what">
            <Field id="customer" label="Customer" error>
                <Combobox
                    id="customer"
                    text=desk.text(Text::Customer)
                    error
                    search=search::customers()
                    nothing="A new customer."
                    free=true
                    on_text=move |text| desk.set_text(Text::Customer, text)
                    on_pick=move |choice: Choice| desk.set_text(Text::Customer, choice.value)
                />
            </Field>
            {choice_field(
                "equipment".to_owned(),
                "Equipment",
                choices.collect(),
                equipment,
                desk.problem("equipment"),
                Signal::default(),
                Callback::new(move |code| desk.draft.update(|draft| draft.equipment = code)),
            )}
            <label class="form-check">
                <input
                    type="checkbox"
                    id="hot"
                    checked=hot()
                    prop:checked=hot
                    on:change=move |event| desk.draft.update(|draft| draft.hot = event_target_checked(&event))
                />
                "Hot: it comes before others"
            </label>
        </div>
    };
    part("Load", "part-load", content.into_any())
}

fn freight(desk: FormDesk) -> AnyView {
    let miles = Signal::derive(move || {
        desk.draft.with(|draft| match draft.estimated_miles() {
            Some(miles) => format!("Empty: about {}, from the stops.", grouped(miles.unsigned_abs().into())),
            None => "Empty: estimated from the stops.".to_owned(),
        })
    });
    let none = Signal::default;
    let commas = Signal::stored("With commas between them.".to_owned());
    let content = view! {
        <div class="form-row form-row-freight">
            {text_field(desk, "commodity", "Commodity", none(), Text::Commodity, Typed::Line)}
            {text_field(desk, "weight", "Weight, lb", none(), Text::Weight, Typed::Number)}
            {text_field(desk, "miles", "Miles", miles, Text::Miles, Typed::Number)}
        </div>
        {text_field(desk, "references", "References", commas, Text::References, Typed::Line)}
        {text_field(desk, "instructions", "Instructions for the driver", none(), Text::Instructions, Typed::Prose)}
    };
    part("Freight", "part-freight", content.into_any())
}

fn who(desk: FormDesk) -> AnyView {
    let error = desk.problem("carrier");
    let picked = Signal::derive(move || desk.draft.with(|draft| draft.carrier.is_some()));
    let hint = Signal::derive(move || {
        if desk.free.get() {
            "May be left open. Those that can't be assigned now are not listed.".to_owned()
        } else {
            "The load was offered to it; take it back to Pending to choose another.".to_owned()
        }
    });
    let on_pick = move |choice: Choice| {
        if let Ok(carrier) = serde_json::from_str::<CarrierRef>(&choice.value) {
            desk.draft.update(|draft| {
                draft.carrier_text.clone_from(&carrier.name);
                draft.carrier = Some(carrier);
            });
        }
    };
    let carrier = view! {
        <Field id="carrier" label="Carrier" hint error>
            <Combobox
                id="carrier"
                text=desk.text(Text::Carrier)
                picked
                error
                disabled=Signal::derive(move || !desk.free.get())
                search=search::carriers()
                nothing="No carrier that can be assigned is called that."
                on_text=move |text| desk.set_text(Text::Carrier, text)
                on_pick
            />
        </Field>
    };
    let money = desk.sees_money.then(|| money(desk));
    let title = if desk.sees_money { "Carrier and rates" } else { "Carrier" };
    part(title, "part-carrier", view! { <div class="form-row form-row-who">{carrier} {money}</div> }.into_any())
}

fn money(desk: FormDesk) -> AnyView {
    let currency = Signal::derive(move || desk.draft.with(|draft| format!("{:?}", draft.currency)));
    let margin = Signal::derive(move || {
        desk.draft.with(|draft| {
            let money = |text: &str| {
                let amount = super::reading::read_amount(text).ok().flatten()?;
                Some(Money { amount, currency: draft.currency })
            };
            let both = money(&draft.revenue).zip(money(&draft.carrier_cost));
            let finance = both.map(|(revenue, carrier_cost)| Finance { revenue, carrier_cost });
            let margin = finance.and_then(|finance| finance.margin().zip(finance.margin_percent()));
            margin.map(|(margin, percent)| format!("Margin {margin}, {percent:.1} %")).unwrap_or_default()
        })
    });
    let choose = Callback::new(move |code: String| {
        let known = [Currency::USD, Currency::CAD, Currency::MXN];
        if let Some(currency) = known.into_iter().find(|known| format!("{known:?}") == code) {
            desk.draft.update(|draft| draft.currency = currency);
        }
    });
    view! {
        {text_field(desk, "revenue", "Revenue", Signal::default(), Text::Revenue, Typed::Amount)}
        {text_field(desk, "carrier-cost", "Carrier cost", margin, Text::CarrierCost, Typed::Amount)}
        {choice_field(
            "currency".to_owned(),
            "Currency",
            vec![("USD", "USD"), ("CAD", "CAD"), ("MXN", "MXN")],
            currency,
            Signal::default(),
            Signal::default(),
            choose,
        )}
    }
    .into_any()
}

fn buttons(desk: FormDesk) -> AnyView {
    let is_new = desk.is_new();
    let back = desk.load.with_untracked(|load| {
        load.as_ref().map_or_else(|| "/dispatch".to_owned(), |load| format!("/loads/{}", load.card.id))
    });
    let words = move || match (is_new, desk.sending.get()) {
        (true, false) => "Book load",
        (true, true) => "Booking…",
        (false, false) => "Save changes",
        (false, true) => "Saving…",
    };
    let another = is_new.then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| desk.book(true)>
                "Book and add another"
            </button>
        }
    });
    view! {
        <div class="form-buttons">
            <button type="submit" class="button button-primary" title="Ctrl+Enter" aria-busy=move || desk.sending.get().then_some("true")>
                {words}
            </button>
            {another}
            <a class="button" href=back>
                "Cancel"
            </a>
        </div>
    }
    .into_any()
}
