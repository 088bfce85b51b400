//! How far from UTC the clock of a place is: the browser knows the zones, and so does the server.

use crate::domain::time::Timestamp;

/// Minutes east of UTC that the clock of an IANA zone shows at an instant; `None` for a zone that is not known.
#[cfg(feature = "ssr")]
pub fn offset_at(zone: &str, at: Timestamp) -> Option<i32> {
    let instant = jiff::Timestamp::from_millisecond(at.millis()).ok()?;
    Some(jiff::tz::TimeZone::get(zone).ok()?.to_offset(instant).seconds() / 60)
}

/// Minutes east of UTC that the clock of an IANA zone shows at an instant; `None` for a zone that is not known.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub fn offset_at(zone: &str, at: Timestamp) -> Option<i32> {
    use wasm_bindgen::{JsCast, JsValue};
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    js_sys::Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    // An unknown zone is an exception, so the constructor is called where that is caught.
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: js_sys::Function = js_sys::Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    let arguments = js_sys::Array::of2(&"en-US".into(), &options);
    let format = js_sys::Reflect::construct(&class, &arguments).ok()?;
    let write: js_sys::Function = js_sys::Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
    let written = write.call1(&JsValue::UNDEFINED, &JsValue::from_f64(at.millis() as f64)).ok()?.as_string()?;
    read_offset(&written)
}

/// Built for neither the browser nor the server.
#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
pub fn offset_at(_: &str, _: Timestamp) -> Option<i32> {
    None
}

/// The offset in a date as browsers write it with `longOffset`: `11/23/2026, GMT-06:00`.
#[cfg(any(test, feature = "hydrate"))]
fn read_offset(written: &str) -> Option<i32> {
    let (_, offset) = written.rsplit_once("GMT")?;
    let offset = offset.trim();
    if offset.is_empty() {
        return Some(0);
    }
    let east = match offset.chars().next()? {
        '+' => 1,
        // Some write the typographic sign.
        '-' | '−' => -1,
        _ => return None,
    };
    let digits = offset.trim_start_matches(['+', '-', '−']);
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    Some(east * (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_as_browsers_write_them() {
        for (written, minutes) in [
            ("11/23/2026, GMT-06:00", Some(-360)),
            ("11/23/2026, GMT+05:30", Some(330)),
            ("11/23/2026, GMT−3", Some(-180)),
            ("11/23/2026, GMT", Some(0)),
            ("11/23/2026, CST", None),
        ] {
            assert_eq!(read_offset(written), minutes, "{written}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_clock_of_a_place_goes_back_and_forth() {
        let at = |text: &str| text.parse().expect("a time");
        assert_eq!(offset_at("America/Chicago", at("2026-11-01T06:59:00Z")), Some(-300));
        assert_eq!(offset_at("America/Chicago", at("2026-11-01T07:00:00Z")), Some(-360));
        assert_eq!(offset_at("America/Phoenix", at("2026-07-01T00:00:00Z")), Some(-420));
        assert_eq!(offset_at("Middle/Nowhere", at("2026-07-01T00:00:00Z")), None);
    }
}
