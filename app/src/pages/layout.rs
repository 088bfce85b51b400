//! The frame around every page that needs a login: side rail, live connection, and who is logged in.

mod could_not_load;
mod page_header;
mod rail;
mod session;

pub use could_not_load::CouldNotLoad;
pub use page_header::PageHeader;
pub use session::{SessionOver, is_over, use_user};

use super::way_back::provide_way_back;
use crate::realtime::SocketProvider;
use leptos::{prelude::*, wasm_bindgen::JsCast};
use leptos_router::components::Outlet;

#[component]
pub fn SignedIn() -> impl IntoView {
    session::provide_user();
    provide_way_back();
    view! {
        <a class="skip-link" href="#main" on:click=skip_to_content>
            "Skip to content"
        </a>
        <div class="frame">
            <rail::Rail />
            <SocketProvider>
                <div class="screen">
                    <Outlet />
                </div>
            </SocketProvider>
        </div>
    }
}

/// The router would only scroll to the target; a person on the keyboard wants to be there.
fn skip_to_content(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    let main = document().get_element_by_id("main");
    if let Some(main) = main.as_ref().and_then(|main| main.dyn_ref::<web_sys::HtmlElement>()) {
        let _ = main.focus();
    }
}
