//! The focus of what is put elsewhere among its siblings: a browser takes it away then.

#[cfg(feature = "hydrate")]
use crate::components::focus::{focus_in_place, nothing_has_focus};
use leptos::ev::FocusEvent;
#[cfg(feature = "hydrate")]
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use send_wrapper::SendWrapper;

/// What in the list has the focus.
#[derive(Clone, Copy)]
pub struct KeptFocus {
    #[cfg(feature = "hydrate")]
    element: StoredValue<Option<SendWrapper<web_sys::HtmlElement>>>,
}

#[cfg(feature = "hydrate")]
impl KeptFocus {
    /// Gives it back after `moves` have changed; where the list is scrolled to stays.
    pub fn through(moves: impl Fn() + 'static) -> Self {
        let kept = Self { element: StoredValue::new(None) };
        Effect::new(move |_| {
            moves();
            request_animation_frame(move || kept.give_back());
        });
        kept
    }

    pub fn came(self, event: &FocusEvent) {
        self.element.set_value(Some(SendWrapper::new(event_target(event))));
    }

    /// It went to something else, or a person has pressed where nothing takes it. From what is moved it just goes.
    pub fn went(self, event: &FocusEvent) {
        let is_pressed = || document().query_selector("html:active").ok().flatten().is_some();
        if event.related_target().is_some() || is_pressed() {
            self.element.try_update_value(|element| *element = None);
        }
    }

    fn give_back(self) {
        let Some(element) = self.element.try_get_value().flatten() else { return };
        if nothing_has_focus() && element.is_connected() {
            focus_in_place(&element);
        }
    }
}

#[cfg(not(feature = "hydrate"))]
impl KeptFocus {
    pub fn through(_: impl Fn() + 'static) -> Self {
        Self {}
    }

    pub fn came(self, _: &FocusEvent) {}

    pub fn went(self, _: &FocusEvent) {}
}
