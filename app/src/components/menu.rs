//! A menu of choices beside what it belongs to. Choices that can't be taken stay readable, with the reason.

use leptos::{ev::KeyboardEvent, html, prelude::*, wasm_bindgen::JsCast};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MenuItem {
    pub label: String,
    /// What it means, or why it can't be chosen.
    pub note: String,
    pub enabled: bool,
    /// The key that does the same without the menu.
    pub shortcut: String,
    /// Begins a group: a line is drawn above it.
    pub begins_group: bool,
}

/// Corners of what a menu hangs on, in pixels of the window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Anchor {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Anchor {
    pub fn of(element: &web_sys::Element) -> Self {
        let rect = element.get_bounding_client_rect();
        Self { left: rect.left(), top: rect.top(), right: rect.right(), bottom: rect.bottom() }
    }

    /// A point, such as where a person pressed.
    pub const fn at(x: f64, y: f64) -> Self {
        Self { left: x, top: y, right: x, bottom: y }
    }

    /// Left and top for a menu of this size: under the anchor with the right edges aligned, or the left ones, or above
    /// it where there is no room; always inside the window. At a point it opens to the right, as menus of pointers do.
    pub fn place(self, width: f64, height: f64, window_width: f64, window_height: f64) -> (f64, f64) {
        const MARGIN: f64 = 8.0;
        let is_point = self.left == self.right;
        let left = if is_point || self.right - width < MARGIN { self.left } else { self.right - width };
        let inside = |at: f64, size: f64, limit: f64| at.min(limit - size - MARGIN).max(MARGIN);
        let below = self.bottom + 4.0;
        let top = if below + height + MARGIN > window_height { self.top - 4.0 - height } else { below };
        (inside(left, width, window_width), inside(top, height, window_height))
    }
}

/// Where a key takes the focus in a menu of `count` choices; `None` for keys that don't move it.
pub fn next_item(key: &str, at: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return None;
    }
    match key {
        "ArrowDown" => Some((at + 1) % count),
        "ArrowUp" => Some((at + count - 1) % count),
        "Home" | "PageUp" => Some(0),
        "End" | "PageDown" => Some(count - 1),
        _ => None,
    }
}

/// Opens at `anchor` when mounted. `on_pick` gets the index of an enabled choice; `on_close` runs on Esc, Tab and a
/// press outside. The caller unmounts it and gives the focus back.
#[component]
pub fn Menu(
    #[prop(into)] label: String,
    items: Vec<MenuItem>,
    anchor: Anchor,
    #[prop(into)] on_pick: Callback<usize>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let count = items.len();
    let at = RwSignal::new(0);
    Effect::new(move |_| {
        if let Some(menu) = node.get() {
            hang(&menu, anchor);
        }
    });
    Effect::new(move |_| {
        if let Some(menu) = node.get() {
            focus_item(&menu, at.get());
        }
    });
    let on_key = move |event: KeyboardEvent| {
        event.stop_propagation();
        let key = event.key();
        if let Some(next) = next_item(&key, at.get_untracked(), count) {
            event.prevent_default();
            at.set(next);
        } else if key == "Escape" || key == "Tab" {
            event.prevent_default();
            on_close.run(());
        }
    };
    let items = items.into_iter().enumerate().map(|(index, item)| menu_item(index, item, on_pick)).collect_view();
    view! {
        <div
            class="menu-backdrop"
            on:pointerdown=move |event| {
                event.prevent_default();
                on_close.run(());
            }
            on:contextmenu=|event| event.prevent_default()
        ></div>
        <div
            class="menu"
            role="menu"
            aria-label=label
            node_ref=node
            on:keydown=on_key
            // The key that opened it would open the browser's own over it.
            on:contextmenu=|event| event.prevent_default()
        >
            // The line is for the eye; a menu's name is its label.
            <div class="menu-title" role="presentation">{label.clone()}</div>
            {items}
        </div>
    }
}

fn menu_item(index: usize, item: MenuItem, on_pick: Callback<usize>) -> AnyView {
    let enabled = item.enabled;
    let class = if item.begins_group { "menu-item menu-group" } else { "menu-item" };
    view! {
        <button
            type="button"
            class=class
            role="menuitem"
            tabindex="-1"
            data-item=index.to_string()
            aria-disabled=(!enabled).then_some("true")
            on:click=move |_| {
                if enabled {
                    on_pick.run(index);
                }
            }
        >
            <span class="menu-label">{item.label}</span>
            <span class="menu-note">{item.note}</span>
            <kbd class="menu-key">{item.shortcut}</kbd>
        </button>
    }
    .into_any()
}

/// Positions through the style object: the page's policy forbids style attributes.
fn hang(menu: &web_sys::HtmlDivElement, anchor: Anchor) {
    let size = |value: Result<leptos::wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
    let (Some(width), Some(height)) = (size(window().inner_width()), size(window().inner_height())) else { return };
    let rect = menu.get_bounding_client_rect();
    let (left, top) = anchor.place(rect.width(), rect.height(), width, height);
    let style = web_sys::HtmlElement::style(menu);
    let _ = style.set_property("--menu-left", &format!("{left}px"));
    let _ = style.set_property("--menu-top", &format!("{top}px"));
}

fn focus_item(menu: &web_sys::HtmlDivElement, index: usize) {
    if let Ok(Some(item)) = menu.query_selector(&format!("[data-item=\"{index}\"]"))
        && let Some(item) = item.dyn_ref::<web_sys::HtmlElement>()
    {
        let _ = item.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_and_other_keys_do_not_move() {
        assert_eq!((next_item("ArrowDown", 2, 3), next_item("ArrowUp", 0, 3)), (Some(0), Some(2)));
        assert_eq!((next_item("Home", 1, 3), next_item("End", 1, 3)), (Some(0), Some(2)));
        assert_eq!((next_item("x", 1, 3), next_item("ArrowDown", 0, 0)), (None, None));
    }

    #[test]
    fn a_menu_stays_inside_the_window() {
        let anchor = |left: f64, top: f64| Anchor { left, top, right: left + 24.0, bottom: top + 24.0 };
        assert_eq!(anchor(500.0, 100.0).place(200.0, 300.0, 1280.0, 720.0), (324.0, 128.0));
        assert_eq!(anchor(10.0, 100.0).place(200.0, 300.0, 1280.0, 720.0), (10.0, 128.0), "at the left edge");
        assert_eq!(anchor(500.0, 600.0).place(200.0, 300.0, 1280.0, 720.0), (324.0, 296.0), "above, for want of room");
        assert_eq!(anchor(500.0, 100.0).place(200.0, 700.0, 1280.0, 720.0).1, 8.0, "never above the window");
        let point = Anchor::at(500.0, 100.0).place(200.0, 300.0, 1280.0, 720.0);
        assert_eq!(point, (500.0, 104.0), "to the right of a pointer");
    }
}
