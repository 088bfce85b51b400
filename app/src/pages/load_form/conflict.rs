//! Somebody else changed the load first: who changed what, and whose change counts.

use super::{
    desk::{Conflict, FormDesk},
    difference::Difference,
};
use crate::components::dialog::Dialog;
use leptos::prelude::*;

#[component]
pub fn ConflictQuestion(desk: FormDesk) -> impl IntoView {
    move || desk.conflict.get().map(|conflict| dialog(desk, conflict))
}

fn dialog(desk: FormDesk, Conflict { message, theirs, differences }: Conflict) -> AnyView {
    let close = Callback::new(move |()| desk.conflict.set(None));
    let who = theirs.load.card.updated_by.as_ref().map_or_else(|| "The system".to_owned(), |it| it.name.clone());
    let status = format!("It is {} now.", theirs.load.card.status.label());
    let (take, put) = (theirs.clone(), theirs);
    let rows = differences.into_iter().map(row).collect_view();
    view! {
        <Dialog title="Somebody was first" on_close=close>
            <p class="dialog-text">{message} " " {status}</p>
            <div class="conflict-scroll" tabindex="0" role="region" aria-label="What was changed">
                <table class="conflict">
                    <thead>
                        <tr>
                            <th scope="col">"Field"</th>
                            <th scope="col">{who}</th>
                            <th scope="col">"You"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| close.run(())>
                    "Keep editing"
                </button>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        close.run(());
                        desk.take_theirs(take.clone());
                    }
                >
                    "Take their version"
                </button>
                <button
                    type="button"
                    class="button button-primary"
                    autofocus
                    on:click=move |_| {
                        close.run(());
                        desk.put_on_top(put.clone());
                    }
                >
                    "Put my changes on top"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn row(Difference { label, before, theirs, mine }: Difference) -> AnyView {
    let unchanged = || view! { <span class="form-quiet">"–"</span> }.into_any();
    let say = |text: Option<String>| text.map_or_else(unchanged, |text| view! { {text} }.into_any());
    view! {
        <tr>
            <th scope="row">{label} " " <span class="conflict-before">"was " {before}</span></th>
            <td>{say(theirs)}</td>
            <td>{say(mine)}</td>
        </tr>
    }
    .into_any()
}
