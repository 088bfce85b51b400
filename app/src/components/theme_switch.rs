//! Light, dark, or as the system has it. The choice is kept in the browser and applied before the first paint by
//! [`BEFORE_PAINT`].

use crate::components::icon::{Icon, icon};
use leptos::prelude::*;

/// Script of the document's head: applies the choice before anything is painted.
pub const BEFORE_PAINT: &str = "try{var t=localStorage.getItem('theme');\
    if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}";

const KEY: &str = "theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    pub const fn code(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    const fn next(self) -> Self {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Theme::System => Icon::System,
            Theme::Light => Icon::Light,
            Theme::Dark => Icon::Dark,
        }
    }

    fn stored() -> Self {
        let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
        match stored.as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// Shows and keeps it, and tells the switch.
    pub fn choose(self, chosen: RwSignal<Theme>) {
        self.apply();
        chosen.set(self);
    }

    /// Shows and keeps it. Storage that is full or forbidden only means that the choice is forgotten.
    fn apply(self) {
        let storage = window().local_storage().ok().flatten();
        let Some(root) = document().document_element() else { return };
        if self == Theme::System {
            let _ = root.remove_attribute("data-theme");
            let _ = storage.map(|storage| storage.remove_item(KEY));
        } else {
            let _ = root.set_attribute("data-theme", self.code());
            let _ = storage.map(|storage| storage.set_item(KEY, self.code()));
        }
    }
}

#[derive(Clone, Copy)]
struct Chosen(RwSignal<Theme>);

/// Makes the choice known to everything below.
pub fn provide_theme() {
    provide_context(Chosen(RwSignal::new(Theme::System)));
}

/// The choice, shared by whatever shows or changes it.
pub fn use_theme() -> RwSignal<Theme> {
    use_context::<Chosen>().map_or_else(|| RwSignal::new(Theme::System), |chosen| chosen.0)
}

#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = use_theme();
    // Only the browser knows the choice; the first render is the same on both sides.
    Effect::new(move |_| theme.set(Theme::stored()));
    let label = move || format!("Theme: {}. Change to {}", theme.get().code(), theme.get().next().code());
    let on_click = move |_| {
        theme.get_untracked().next().choose(theme);
    };
    view! {
        <button type="button" class="icon-button" aria-label=label title=label on:click=on_click>
            {move || icon(theme.get().icon())}
        </button>
    }
}
