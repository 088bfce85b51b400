//! The browser's means of an alert, `app/js/alerts.js`: a sound, a notification, the permission for it.

/// What the browser says of notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Permission {
    Granted,
    Denied,
    /// It has not been asked for, or the question was put away.
    #[default]
    Open,
    Unsupported,
}

/// As browsers write it.
fn read(permission: &str) -> Permission {
    match permission {
        "granted" => Permission::Granted,
        "denied" => Permission::Denied,
        "unsupported" => Permission::Unsupported,
        _ => Permission::Open,
    }
}

#[cfg(all(target_arch = "wasm32", feature = "hydrate"))]
mod browser {
    use super::{Permission, read};
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(module = "/js/alerts.js")]
    extern "C" {
        #[wasm_bindgen(js_name = permission)]
        fn js_permission() -> String;
        #[wasm_bindgen(js_name = askPermission)]
        fn js_ask(callback: JsValue);
        #[wasm_bindgen(js_name = onClicked)]
        fn js_on_clicked(callback: Option<&Closure<dyn Fn(String)>>);
        /// Shows a notification; `about` comes back when it is clicked.
        pub fn notify(title: &str, body: &str, about: &str);
        /// Two soft notes.
        pub fn chime();
    }

    pub fn permission() -> Permission {
        read(&js_permission())
    }

    /// Asks the person.
    pub fn ask(answer: impl FnOnce(Permission) + 'static) {
        js_ask(Closure::once_into_js(move |permission: String| answer(read(&permission))));
    }

    /// Hears clicks on notifications until it is dropped.
    pub struct Clicks(#[allow(dead_code, reason = "kept as long as the page may call it")] Closure<dyn Fn(String)>);

    impl Clicks {
        pub fn hear(clicked: impl Fn(String) + 'static) -> Self {
            let callback = Closure::new(clicked);
            js_on_clicked(Some(&callback));
            Self(callback)
        }
    }

    impl Drop for Clicks {
        fn drop(&mut self) {
            js_on_clicked(None);
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", feature = "hydrate")))]
mod browser {
    //! Where there is no browser nothing is heard or shown.

    use super::{Permission, read};

    pub fn permission() -> Permission {
        read("default")
    }

    pub fn ask(_: impl FnOnce(Permission) + 'static) {}

    pub fn notify(_: &str, _: &str, _: &str) {}

    pub fn chime() {}

    pub struct Clicks;

    impl Clicks {
        pub fn hear(_: impl Fn(String) + 'static) -> Self {
            Self
        }
    }
}

pub use browser::{Clicks, ask, chime, notify, permission};
