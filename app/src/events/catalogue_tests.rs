//! What holds for the catalogue as a whole.

use super::*;
use std::collections::HashSet;

#[test]
fn no_name_stands_twice_in_a_namespace() {
    let mut seen = HashSet::new();
    assert!(EVENTS.iter().all(|(namespace, name, _)| seen.insert((namespace, name))));
    let mut seen = HashSet::new();
    assert!(COMMANDS.iter().all(|(namespace, name)| seen.insert((namespace, name))));
}

#[test]
fn an_event_is_read_by_its_namespace_and_its_name() {
    let id = "0198f000-0000-7000-8000-000000000001";
    let person = serde_json::json!({ "id": id, "name": "Maria" });
    let either = serde_json::json!({ "person": person, "views": [], "conversationId": id, "present": true });
    let either = Payload::of(&either).unwrap();
    let read = |namespace| AnyEvent::read(namespace, "presence:update", &either);
    assert!(
        matches!(read(Namespace::Chat), Ok(Some(AnyEvent::ConversationPresence(_)))),
        "{:?}",
        read(Namespace::Chat)
    );
    assert!(read(Namespace::Events).is_ok_and(|event| matches!(event, Some(AnyEvent::PresenceUpdate(_)))));
    assert!(read(Namespace::Tracking).is_ok_and(|event| event.is_none()), "there is none of that name");
}

#[test]
fn only_what_passes_by_is_volatile() {
    let volatile: HashSet<&str> = EVENTS.iter().filter(|event| event.2).map(|event| event.1).collect();
    let passing = [
        "load:location:updated",
        "load:location:batch",
        "sensor:reading",
        "sensor:readings:batch",
        "typing",
        "presence:update",
        "user:online",
        "user:offline",
        "system:maintenance",
    ];
    assert_eq!(volatile, HashSet::from(passing));
}

#[test]
fn a_unit_is_named_bare_or_in_an_object() {
    let id = "0198f000-0000-7000-8000-000000000001";
    let bare: GetLatest = serde_json::from_value(serde_json::json!(id)).unwrap();
    let object: GetLatest = serde_json::from_value(serde_json::json!({ "unitId": id })).unwrap();
    assert_eq!(bare, object);
    assert_eq!(serde_json::to_value(bare).unwrap(), id);
}
