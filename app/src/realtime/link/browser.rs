//! The link in the browser: `app/js/socket.js` as Rust sees it.

use super::{Callbacks, Change};
use crate::{
    events::Namespace,
    realtime::{emit::Message, use_socket_status::Transport},
};
use leptos::reactive::diagnostics::SpecialNonReactiveZone;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/socket.js")]
extern "C" {
    #[wasm_bindgen(js_name = Link)]
    type JsLink;
    #[wasm_bindgen(constructor, js_class = "Link")]
    fn new(
        namespaces: &str,
        on_batch: &Closure<dyn Fn(String)>,
        on_change: &Closure<dyn Fn(String, String)>,
        cursors: &Closure<dyn Fn(String) -> String>,
        handlers: &Closure<dyn Fn() -> u32>,
    ) -> JsLink;
    #[wasm_bindgen(method, js_class = "Link")]
    fn connect(this: &JsLink);
    #[wasm_bindgen(method, js_class = "Link")]
    fn disconnect(this: &JsLink);
    #[wasm_bindgen(method, js_class = "Link")]
    fn emit(this: &JsLink, namespace: &str, name: &str, payload: &str, number: u32, limit: u32) -> bool;
    #[wasm_bindgen(method, js_class = "Link")]
    fn close(this: &JsLink);

    #[wasm_bindgen(js_name = after)]
    fn js_after(millis: u32, callback: &Closure<dyn FnMut()>) -> i32;
    #[wasm_bindgen(js_name = cancel)]
    fn js_cancel(timer: i32);
    #[wasm_bindgen(js_name = isOnline)]
    pub fn is_online() -> bool;
    /// Goes to the login by loading it anew, so that nothing of the session stays in memory; it leads back here.
    #[wasm_bindgen(js_name = leaveForLogin)]
    pub fn leave_for_login();
}

/// A connection for all namespaces. Dropping it disconnects and lets go of every listener.
pub struct Link {
    js: JsLink,
    _batch: Closure<dyn Fn(String)>,
    _change: Closure<dyn Fn(String, String)>,
    _cursors: Closure<dyn Fn(String) -> String>,
    _handlers: Closure<dyn Fn() -> u32>,
}

impl Link {
    pub fn new(namespaces: &[Namespace], callbacks: Callbacks) -> Self {
        let Callbacks { batch, change, cursors, handlers } = callbacks;
        let batch = Closure::new(move |events: String| {
            let _zone = SpecialNonReactiveZone::enter();
            batch(events);
        });
        let change = Closure::new(move |kind: String, detail: String| {
            let _zone = SpecialNonReactiveZone::enter();
            match kind.as_str() {
                "connected" => change(Change::Connected(Transport::from_name(&detail))),
                "lost" => change(Change::Lost),
                "refused" => change(Change::Refused(detail)),
                "online" => change(Change::Online),
                "offline" => change(Change::Offline),
                "visible" => change(Change::Visible),
                _ => {}
            }
        });
        let cursors = Closure::new(move |path: String| Namespace::from_path(&path).map_or("{}".into(), &cursors));
        let handlers = Closure::new(handlers);
        let paths: Vec<&str> = namespaces.iter().map(|namespace| namespace.path()).collect();
        let js = JsLink::new(&paths.join(" "), &batch, &change, &cursors, &handlers);
        Self { js, _batch: batch, _change: change, _cursors: cursors, _handlers: handlers }
    }

    /// Connects every namespace that is not.
    pub fn connect(&self) {
        self.js.connect();
    }

    /// Gives up the connection, or the attempt that is under way.
    pub fn disconnect(&self) {
        self.js.disconnect();
    }

    /// Sends a command whose answer comes with the events, under its number, within so many milliseconds.
    /// `false`: its namespace is not connected.
    pub fn emit(&self, message: &Message, number: u32, limit: u32) -> bool {
        self.js.emit(message.namespace.path(), message.name, &message.payload, number, limit)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.js.close();
    }
}

/// Calls back once, unless it is dropped before. May be dropped by what it calls.
pub struct Timer {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// `millis`: at most 2^31, as the browser takes it.
    pub fn after(millis: u32, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(move || {
            let _zone = SpecialNonReactiveZone::enter();
            callback();
        });
        Self { id: js_after(millis, &callback), _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        js_cancel(self.id);
    }
}

/// Milliseconds since 1970 by the browser's clock.
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// A random number from 0 up to 1.
pub fn jitter() -> f64 {
    js_sys::Math::random()
}
