//! What the server takes, field by field: the lengths, ranges and patterns that its rules hold bodies and queries to.
//!
//! The types say what is read at all; these say what is then not refused. A property-based test sends what they allow.

use crate::{
    auth::{EMAIL_BYTES, PASSWORD_BYTES},
    services::PASSWORD_CHARS,
};
use app::api::{
    cold_chain::MAX_READINGS,
    load_actions::BULK_LIMIT,
    load_files::EXPORT_LIMIT,
    presets::{NAME_CHARS as PRESET_NAME_CHARS, QUERY_CHARS},
};
use app::domain::{
    bounds::{
        CALL_CHARS, MOST_MILES, MOST_MONEY, MOST_POUNDS, NAME_CHARS, PROSE_CHARS, REASON_CHARS, REFERENCE_CHARS,
        REFERENCES, STOPS,
    },
    load_filter::{LONGEST_TEXT, MOST_VALUES},
};
use app::events::Namespace;
use serde_json::{Value, json};

/// Control characters, and those that turn a line or its direction.
macro_rules! unprintable {
    () => {
        r"\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069"
    };
}

/// A character that can be seen.
macro_rules! seen {
    () => {
        r"[^\s\u0000-\u001F\u007F-\u00A0\u00AD\u1680\u2000-\u200F\u2028-\u202F\u205F-\u2069\u3000\uFEFF]"
    };
}

/// One line of text that says something: it begins and ends with what can be seen, and holds no control characters.
const LINE: &str = concat!("^", seen!(), "([^", unprintable!(), "]*", seen!(), ")?$");
/// Text of any number of lines that says something.
const TEXT: &str = concat!("^", seen!(), r"[^\u0000]*$");
/// Text that may be empty. PostgreSQL keeps every character but one.
const PROSE: &str = r"^[^\u0000]*$";
const STATE: &str = "^[A-Za-z]{2}$";
/// Instants of this century, as appointments have them.
const THIS_CENTURY: &str =
    r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$";

/// What of an address follows the question mark.
const QUERY: &str = concat!(r"^[^\s#", unprintable!(), "]*$");
/// A day, or days from one to another.
const DAYS: &str = r"^(today|tomorrow|20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(\.\.20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]))?)$";
const E_MAIL: &str = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$";
const SITE_PATH: &str = concat!("^/([^/", r"\\", unprintable!(), "][^", r"\\", unprintable!(), "]*)?$");

fn line(most: usize) -> Value {
    json!({ "minLength": 1, "maxLength": most, "pattern": LINE })
}

fn text(most: usize) -> Value {
    json!({ "minLength": 1, "maxLength": most, "pattern": TEXT })
}

fn prose(most: usize) -> Value {
    json!({ "maxLength": most, "pattern": PROSE })
}

fn range(least: f64, most: f64) -> Value {
    json!({ "minimum": least, "maximum": most })
}

fn whole(least: i64, most: i64) -> Value {
    json!({ "minimum": least, "maximum": most })
}

fn items(least: usize, most: usize) -> Value {
    json!({ "minItems": least, "maxItems": most })
}

/// Of each schema the fields with bounds. What is null or a reference stays what it is.
pub fn of_bodies() -> Vec<(&'static str, &'static str, Value)> {
    let reason = || prose(REASON_CHARS);
    let password =
        || json!({ "minLength": PASSWORD_CHARS, "maxLength": PASSWORD_BYTES, "pattern": PROSE, "format": "password" });
    let phone = || json!({ "maxLength": 40, "pattern": format!("^$|{LINE}") });
    let mc_number = || json!({ "minLength": 1, "maxLength": 20, "pattern": "^[A-Za-z0-9-]+$" });
    let references = || json!({ "maxItems": REFERENCES, "items": { "type": "string", "minLength": 1, "maxLength": REFERENCE_CHARS, "pattern": TEXT } });
    let loads = || json!({ "minItems": 1, "maxItems": BULK_LIMIT, "uniqueItems": true });
    let version = || whole(1, i64::MAX >> 10);
    let mut bounds = vec![
        ("Announce", "message", line(500)),
        ("Assignment", "overrideReason", reason()),
        ("BeginConversation", "memberIds", items(1, 49)),
        ("BeginConversation", "title", text(120)),
        ("BulkAssign", "loads", loads()),
        ("BulkAssign", "overrideReason", reason()),
        ("BulkDispatch", "loads", loads()),
        ("BulkStatus", "loads", loads()),
        ("BulkStatus", "reason", reason()),
        ("CarrierPatch", "mcNumber", mc_number()),
        ("CarrierPatch", "name", line(120)),
        ("CarrierPatch", "phone", phone()),
        ("ChangePassword", "currentPassword", json!({ "format": "password", "pattern": PROSE })),
        ("ChangePassword", "newPassword", password()),
        ("CreateCarrier", "mcNumber", mc_number()),
        ("CreateCarrier", "name", line(120)),
        ("CreateCarrier", "phone", phone()),
        ("CreateFacility", "address", json!({ "maxLength": 200, "pattern": format!("^$|{LINE}") })),
        ("CreateFacility", "geofenceMiles", range(0.05, 25.0)),
        ("CreateFacility", "name", line(120)),
        ("CreateFacility", "zone", json!({ "$ref": "#/components/schemas/TimeZone" })),
        ("CreateLoad", "commodity", prose(PROSE_CHARS)),
        ("CreateLoad", "customer", line(NAME_CHARS)),
        ("CreateLoad", "instructions", prose(PROSE_CHARS)),
        ("CreateLoad", "miles", whole(0, MOST_MILES.into())),
        ("CreateLoad", "references", references()),
        ("CreateLoad", "stops", items(*STOPS.start(), *STOPS.end())),
        ("CreateLoad", "weightLbs", whole(0, MOST_POUNDS.into())),
        ("CreateSite", "city", line(120)),
        ("CreateSite", "name", line(120)),
        ("CreateSite", "state", json!({ "minLength": 2, "maxLength": 2, "pattern": STATE })),
        ("CreateUnit", "maxTemperature", range(-90.0, 100.0)),
        ("CreateUnit", "minDurationMs", whole(0, 7 * 24 * 3_600_000)),
        ("CreateUnit", "minTemperature", range(-90.0, 100.0)),
        ("CreateUnit", "name", line(120)),
        ("CreateUser", "email", json!({ "maxLength": EMAIL_BYTES, "pattern": E_MAIL })),
        ("CreateUser", "name", line(120)),
        ("CreateUser", "password", password()),
        ("EtaSaid", "note", reason()),
        ("ExportLoads", "ids", items(1, EXPORT_LIMIT)),
        ("FacilityPatch", "address", json!({ "maxLength": 200, "pattern": format!("^$|{LINE}") })),
        ("FacilityPatch", "geofenceMiles", json!({ "anyOf": [{ "const": 0 }, range(0.05, 25.0)] })),
        ("FacilityPatch", "name", line(120)),
        ("FacilityPatch", "zone", json!({ "$ref": "#/components/schemas/TimeZone" })),
        ("ImportLoads", "csv", json!({ "pattern": PROSE })),
        ("LatLng", "lat", range(-90.0, 90.0)),
        ("LatLng", "lng", range(-180.0, 180.0)),
        ("LoadPatch", "commodity", prose(PROSE_CHARS)),
        ("LoadPatch", "customer", line(NAME_CHARS)),
        ("LoadPatch", "instructions", prose(PROSE_CHARS)),
        ("LoadPatch", "miles", whole(0, MOST_MILES.into())),
        ("LoadPatch", "references", references()),
        ("LoadPatch", "stops", items(*STOPS.start(), *STOPS.end())),
        ("LoadPatch", "weightLbs", whole(0, MOST_POUNDS.into())),
        ("Login", "email", json!({ "pattern": PROSE })),
        ("Login", "password", json!({ "format": "password", "pattern": PROSE })),
        ("Money", "amount", whole(0, MOST_MONEY)),
        ("NewCheckCall", "notes", text(CALL_CHARS)),
        ("NewMessage", "body", text(4_000)),
        ("NewMessage", "clientId", text(64)),
        ("NewPassword", "password", password()),
        ("NewReading", "battery", range(0.0, 100.0)),
        ("NewReading", "deviceId", json!({ "minLength": 1, "maxLength": 64, "pattern": LINE })),
        ("NewReading", "humidity", range(0.0, 100.0)),
        ("NewReading", "signalStrength", range(-150.0, 0.0)),
        ("NewReading", "temperature", range(-90.0, 100.0)),
        ("Place", "city", line(80)),
        ("Place", "state", json!({ "minLength": 2, "maxLength": 2, "pattern": STATE })),
        ("PresetPatch", "name", line(PRESET_NAME_CHARS)),
        ("PresetPatch", "query", json!({ "maxLength": QUERY_CHARS, "pattern": QUERY })),
        ("Rejection", "reason", text(REASON_CHARS)),
        ("ReportLocation", "heading", range(0.0, 360.0)),
        ("ReportLocation", "lat", range(-90.0, 90.0)),
        ("ReportLocation", "lng", range(-180.0, 180.0)),
        ("ReportLocation", "speed", range(0.0, 200.0)),
        ("SavePreset", "name", line(PRESET_NAME_CHARS)),
        ("SavePreset", "query", json!({ "maxLength": QUERY_CHARS, "pattern": QUERY })),
        ("StatusChange", "reason", reason()),
        ("TellPeople", "link", json!({ "maxLength": 500, "pattern": SITE_PATH })),
        ("TellPeople", "message", text(2_000)),
        ("TellPeople", "title", text(120)),
        ("TellPeople", "userIds", items(1, 500)),
        ("Tender", "overrideReason", reason()),
        ("Tender", "windowMinutes", whole(1, 2 * 24 * 60)),
        ("UnitPatch", "maxTemperature", range(-90.0, 100.0)),
        ("UnitPatch", "minDurationMs", whole(0, 7 * 24 * 3_600_000)),
        ("UnitPatch", "minTemperature", range(-90.0, 100.0)),
        ("UnitPatch", "name", line(120)),
        ("UserPatch", "name", line(120)),
    ];
    for schema in [
        "Acceptance",
        "Assignment",
        "Dispatch",
        "LoadPatch",
        "Rejection",
        "Seen",
        "StatusChange",
        "StopPassage",
        "Tender",
        "Undo",
        "EtaSaid",
    ] {
        bounds.push((schema, "version", version()));
    }
    for field in ["start", "end"] {
        bounds.push(("Window", field, json!({ "pattern": THIS_CENTURY })));
    }
    bounds
}

/// The names of time zones that a place can lie in.
pub fn time_zones() -> Value {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    json!({ "type": "string", "description": "The IANA name of a time zone.", "enum": names })
}

/// Lists that may be a single thing instead, with the least and the most that they hold.
pub fn of_lists() -> [(&'static str, usize, usize); 2] {
    [("ReportPositions", 1, 1_000), ("NewReadings", 0, MAX_READINGS)]
}

/// Of each parameter of a query its bounds, by path and name; an empty path is every path.
pub fn of_queries() -> Vec<(&'static str, &'static str, Value)> {
    let of_list = |most| json!({ "maxItems": most });
    let mut bounds = vec![
        ("", "q", prose(LONGEST_TEXT)),
        ("/carriers", "search", json!({ "pattern": PROSE })),
        ("/facilities", "search", json!({ "pattern": PROSE })),
        ("/customers", "search", json!({ "pattern": PROSE })),
        ("", "limit", whole(1, 500)),
        ("/conversations", "limit", whole(1, 200)),
        ("/conversations/{id}/messages", "limit", whole(1, 200)),
        ("/loads/{id}/messages", "limit", whole(1, 200)),
        ("/customers", "limit", whole(1, 100)),
        ("/events", "limit", whole(1, 1_000)),
        ("/notifications", "limit", whole(1, 200)),
        ("/loads/{id}/positions", "limit", whole(1, 5_000)),
        ("/units/{id}/readings", "limit", whole(1, MAX_READINGS as i64)),
        ("/events", "namespace", json!({ "enum": Namespace::ALL.map(Namespace::path) })),
        ("/events", "after", whole(0, i64::MAX >> 10)),
    ];
    let state = json!({ "type": "string", "pattern": STATE, "minLength": 2, "maxLength": 2 });
    let whose = |words: &str| {
        let id = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
        json!({ "maxItems": MOST_VALUES, "items": { "type": "string", "pattern": format!("^({words}|{id})$") } })
    };
    for path in ["/loads", "/loads/export"] {
        for side in ["from", "to"] {
            bounds.push((path, side, json!({ "maxItems": MOST_VALUES, "items": state })));
        }
        let customer = json!({ "type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": PROSE });
        bounds.push((path, "customer", json!({ "maxItems": MOST_VALUES, "items": customer })));
        for side in ["pickup", "delivery"] {
            bounds.push((path, side, json!({ "pattern": DAYS })));
        }
        bounds.push((path, "carrier", whose("none")));
        bounds.push((path, "dispatcher", whose("none|me")));
        for name in ["status", "equipment"] {
            bounds.push((path, name, of_list(MOST_VALUES)));
        }
        let priorities = ["hot", "late", "at_risk", "exception"];
        bounds.push((path, "priority", json!({ "items": { "type": "string", "enum": priorities } })));
    }
    bounds
}
