//! The hooks at a test's hand, in debug builds of the browser only: what no screen shows yet can be tried in a real
//! browser, and mounted and unmounted as often as it takes to find a leak.
//!
//! `headhaulRealtime.mount("room", loadId)` mounts a hook and gives its key, `.shown(key)` says what it shows now, and
//! `.unmount(key)` ends it.

use super::{Room, use_emit_with_ack, use_presence, use_presence_view, use_ring, use_room, use_socket_event};
use crate::{
    domain::id::LoadId,
    events::{JoinLoad, LoadStatusChanged},
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// What a hook shows, in words.
type Shown = Box<dyn Fn() -> String>;

#[derive(Default)]
struct Bench {
    mounted: BTreeMap<u32, (Owner, Shown)>,
    next: u32,
}

/// Puts the workbench on the page until the owner is cleaned up.
pub fn offer() {
    let bench = StoredValue::new_local(Bench::default());
    let Some(owner) = Owner::current().map(|owner| owner.downgrade()) else { return };
    let mount = Closure::<dyn Fn(String, String) -> Option<u32>>::new(move |hook: String, load: String| {
        let child = owner.upgrade()?.child();
        let shown = child.with(|| untrack(|| use_hook(&hook, load.parse().ok())))?;
        bench.try_update_value(|bench| {
            bench.next += 1;
            bench.mounted.insert(bench.next, (child, shown));
            bench.next
        })
    });
    let unmount = Closure::<dyn Fn(u32)>::new(move |key| {
        let mounted = bench.try_update_value(|bench| bench.mounted.remove(&key)).flatten();
        if let Some((owner, _)) = mounted {
            owner.cleanup();
        }
    });
    let shown = Closure::<dyn Fn(u32) -> Option<String>>::new(move |key: u32| {
        bench.try_with_value(|bench| bench.mounted.get(&key).map(|(_, shown)| untrack(shown))).flatten()
    });
    if let Ok(kit) = js_sys::Reflect::get(&js_sys::global(), &"headhaulRealtime".into()) {
        let functions = [("mount", mount.as_ref()), ("unmount", unmount.as_ref()), ("shown", shown.as_ref())];
        for (name, function) in functions {
            // Where the object can't be added to, there is no workbench.
            let _ = js_sys::Reflect::set(&kit, &name.into(), function);
        }
    }
    // They live as long as the owner.
    StoredValue::new_local((mount, unmount, shown));
}

fn use_hook(hook: &str, load: Option<LoadId>) -> Option<Shown> {
    Some(match hook {
        "room" => {
            let status = use_room(Room::Load(load?));
            Box::new(move || format!("{:?}", status.get()))
        }
        "presence" => {
            let presence = use_presence();
            Box::new(move || presence.with(|presence| presence.people().count().to_string()))
        }
        "view" => {
            use_presence_view("workbench", Signal::stored(load));
            Box::new(String::new)
        }
        "ring" => {
            let ring =
                use_ring::<LoadStatusChanged>(3, move |event| load.is_none_or(|load| event.data.load_id == load));
            Box::new(move || ring.with(|ring| ring.iter().map(|event| format!("{} ", event.data.version)).collect()))
        }
        "event" => {
            let heard = RwSignal::new(0);
            use_socket_event::<LoadStatusChanged>(move |_| heard.update(|heard| *heard += 1));
            Box::new(move || heard.get().to_string())
        }
        "command" => {
            let (join, load_id) = (use_emit_with_ack::<JoinLoad>(), load?);
            let answer = RwSignal::new(String::new());
            spawn_local(async move {
                let answered = format!("{:?}", join(JoinLoad { load_id }).await);
                // Unmounted meanwhile, it shows nothing.
                answer.try_set(answered);
            });
            Box::new(move || answer.get())
        }
        _ => return None,
    })
}
