//! Times as people read them: near ones relative, appointments on the clock of their place.

use super::clock::ViewerClock;
use crate::domain::{
    stop::{Appointment, WindowKind},
    time::{Civil, DAY, HOUR, MINUTE, Timestamp},
};

/// How long ago, short: `now`, `4 min`, `3 h`, `2 d`.
pub fn age(millis: i64) -> String {
    match millis {
        ..MINUTE => "now".into(),
        MINUTE..HOUR => format!("{} min", millis / MINUTE),
        _ if millis < 2 * DAY => format!("{} h", millis / HOUR),
        _ => format!("{} d", millis / DAY),
    }
}

/// How long something took, to the minute: `less than a minute`, `47 min`, `2 h 53 min`, `1 d 4 h`.
pub fn duration(millis: i64) -> String {
    let (hours, minutes) = (millis / HOUR, millis % HOUR / MINUTE);
    match (hours, minutes) {
        (..=0, ..=0) => "less than a minute".into(),
        (0, _) => format!("{minutes} min"),
        (1..=23, 0) => format!("{hours} h"),
        (1..=23, _) => format!("{hours} h {minutes} min"),
        _ if hours % 24 == 0 => format!("{} d", hours / 24),
        _ => format!("{} d {} h", hours / 24, hours % 24),
    }
}

/// How long ago, in a sentence: `just now`, `3 s ago`, `4 min ago`.
pub fn ago(millis: i64) -> String {
    match millis {
        ..1_000 => "just now".into(),
        1_000..MINUTE => format!("{} s ago", millis / 1_000),
        _ => format!("{} ago", age(millis)),
    }
}

/// When, seen from now: `in 25 min`, `in 3 h`, `4 min ago`, `now`.
pub fn from_now(millis: i64) -> String {
    match millis {
        MINUTE.. => format!("in {}", age(millis)),
        _ if millis <= -MINUTE => format!("{} ago", age(-millis)),
        _ => "now".into(),
    }
}

/// What is left: `29:05`, `1:02:05`; `None` when nothing is.
pub fn countdown(millis: i64) -> Option<String> {
    if millis <= 0 {
        return None;
    }
    let seconds = millis / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    Some(if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") })
}

/// `Today`, `Tomorrow`, `Yesterday`, or `Nov 21`, on a clock `offset_minutes` east of UTC.
pub fn day(at: Timestamp, offset_minutes: i32, now: Timestamp) -> String {
    day_of((at, offset_minutes), (now, offset_minutes))
}

/// The same on the viewer's clock, which may have been put forward or back between the two.
pub fn viewer_day(at: Timestamp, viewer: ViewerClock, now: Timestamp) -> String {
    let with_offset = |at| (at, viewer.offset_at(at).unwrap_or(0));
    day_of(with_offset(at), with_offset(now))
}

fn day_of((at, offset): (Timestamp, i32), (now, offset_now): (Timestamp, i32)) -> String {
    let number = |at: Timestamp, offset: i32| (at.millis() + i64::from(offset) * MINUTE).div_euclid(DAY);
    match number(at, offset) - number(now, offset_now) {
        0 => "Today".into(),
        1 => "Tomorrow".into(),
        -1 => "Yesterday".into(),
        _ => at.civil(offset).month_day(),
    }
}

/// How long ago, where there is little room: `now`, `4m`, `3h`, `2d`.
pub fn age_short(millis: i64) -> String {
    age(millis).replace(" min", "m").replace(' ', "")
}

/// `Today 14:00–16:00 CST`, `Nov 23 18:15–00:30+1 CST`: the window where there is little room. A last hour on the next
/// day is marked as such; whether it is first come, first served stands in the full form.
pub fn appointment_short(window: &Appointment, now: Timestamp) -> String {
    let (start, end) = (window.local_start(), window.local_end());
    let until = if window.start == window.end {
        String::new()
    } else if start.same_day(&end) {
        format!("–{}", end.clock())
    } else if window.start.plus(DAY).civil(window.utc_offset).same_day(&end) {
        format!("–{}+1", end.clock())
    } else {
        format!(" – {} {}", day(window.end, window.utc_offset, now), end.clock())
    };
    format!("{} {}{until} {}", day(window.start, window.utc_offset, now), start.clock(), window.zone)
}

/// `Today 14:00–16:00 CST`: the window on the stop's clock, with its zone.
pub fn appointment(window: &Appointment, now: Timestamp) -> String {
    let (start, end) = (window.local_start(), window.local_end());
    let first = day(window.start, window.utc_offset, now);
    let span = if window.start == window.end {
        format!("{first} {}", start.clock())
    } else if start.same_day(&end) {
        format!("{first} {}–{}", start.clock(), end.clock())
    } else {
        let last = day(window.end, window.utc_offset, now);
        format!("{first} {} – {last} {}", start.clock(), end.clock())
    };
    let fcfs = if window.kind == WindowKind::Fcfs { " FCFS" } else { "" };
    format!("{span} {}{fcfs}", window.zone)
}

/// `Nov 21 14:00 – Nov 21 16:00 CST, fixed appointment`: the window in full, for hovering and panels.
pub fn appointment_in_full(window: &Appointment) -> String {
    let kind = match window.kind {
        WindowKind::Fcfs => "first come, first served",
        WindowKind::Fixed => "fixed appointment",
    };
    format!("{} – {} {}, {kind}", stamp(&window.local_start()), stamp(&window.local_end()), window.zone)
}

/// `Nov 21 14:05 your time`, or in UTC as long as the viewer's zone is not known.
pub fn absolute(at: Timestamp, viewer: ViewerClock) -> String {
    let zone = if viewer.offset_at(at).is_some() { "your time" } else { "UTC" };
    format!("{} {zone}", stamp(&viewer.civil(at)))
}

fn stamp(civil: &Civil) -> String {
    format!("{} {}", civil.month_day(), civil.clock())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T14:05:00Z
    const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);

    fn window(start: i64, end: i64, kind: WindowKind) -> Appointment {
        Appointment { kind, start: NOW.plus(start), end: NOW.plus(end), zone: "CST".into(), utc_offset: -360 }
    }

    #[test]
    fn ages_grow_from_now_to_days() {
        let ages = [0, 59_999, MINUTE, 59 * MINUTE, HOUR, 47 * HOUR, 48 * HOUR].map(age);
        assert_eq!(ages, ["now", "now", "1 min", "59 min", "1 h", "47 h", "2 d"]);
        let near = [25 * MINUTE, 3 * HOUR, -4 * MINUTE, 20_000].map(from_now);
        assert_eq!(near, ["in 25 min", "in 3 h", "4 min ago", "now"]);
        assert_eq!([-5, 3_400, 4 * MINUTE].map(ago), ["just now", "3 s ago", "4 min ago"]);
    }

    #[test]
    fn a_duration_is_told_to_the_minute() {
        let told =
            [MINUTE - 1, 47 * MINUTE, 2 * HOUR, 2 * HOUR + 53 * MINUTE, DAY, DAY + 4 * HOUR + MINUTE].map(duration);
        assert_eq!(told, ["less than a minute", "47 min", "2 h", "2 h 53 min", "1 d", "1 d 4 h"]);
    }

    #[test]
    fn a_countdown_ends() {
        assert_eq!(countdown(29 * MINUTE + 5_000).as_deref(), Some("29:05"));
        assert_eq!(countdown(HOUR + 125_000).as_deref(), Some("1:02:05"));
        assert_eq!((countdown(0), countdown(-1)), (None, None));
    }

    #[test]
    fn an_appointment_is_told_on_the_clock_of_its_place() {
        assert_eq!(appointment(&window(0, 2 * HOUR, WindowKind::Fixed), NOW), "Today 08:05–10:05 CST");
        assert_eq!(appointment(&window(DAY, DAY + HOUR, WindowKind::Fcfs), NOW), "Tomorrow 08:05–09:05 CST FCFS");
        assert_eq!(appointment(&window(-DAY, -DAY, WindowKind::Fixed), NOW), "Yesterday 08:05 CST");
        assert_eq!(
            appointment(&window(15 * HOUR, 17 * HOUR, WindowKind::Fixed), NOW),
            "Today 23:05 – Tomorrow 01:05 CST"
        );
        assert_eq!(appointment(&window(3 * DAY, 3 * DAY, WindowKind::Fixed), NOW), "Nov 24 08:05 CST");
    }

    #[test]
    fn where_there_is_little_room_the_zone_stays() {
        let short = |start, end| appointment_short(&window(start, end, WindowKind::Fcfs), NOW);
        assert_eq!(short(0, 2 * HOUR), "Today 08:05–10:05 CST");
        assert_eq!(short(DAY, DAY), "Tomorrow 08:05 CST");
        assert_eq!(short(15 * HOUR, 17 * HOUR), "Today 23:05–01:05+1 CST");
        assert_eq!(short(0, 3 * DAY), "Today 08:05 – Nov 24 08:05 CST");
        assert_eq!([0, 12 * MINUTE, 3 * HOUR, 2 * DAY].map(age_short), ["now", "12m", "3h", "2d"]);
    }

    #[test]
    fn today_is_judged_where_the_stop_is() {
        // 04:05 UTC on the 22nd is still the 21st in Chicago.
        let late = window(14 * HOUR, 14 * HOUR, WindowKind::Fixed);
        assert_eq!(appointment(&late, NOW), "Today 22:05 CST");
    }

    #[test]
    fn absolute_times_say_whose_they_are() {
        assert_eq!(absolute(NOW, ViewerClock::NotKnown), "Nov 21 14:05 UTC");
        #[cfg(feature = "ssr")]
        assert_eq!(absolute(NOW, ViewerClock::Zone("America/Chicago")), "Nov 21 08:05 your time");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_time_on_the_other_side_of_a_change_of_clocks_is_what_the_clock_showed_then() {
        // Clocks in Chicago go back on Nov 1 2026 at 07:00 UTC.
        let chicago = ViewerClock::Zone("America/Chicago");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        assert_eq!(absolute(at("2026-10-31T13:00:00Z"), chicago), "Oct 31 08:00 your time");
        assert_eq!(absolute(at("2026-11-02T13:00:00Z"), chicago), "Nov 2 07:00 your time");
        // Half past midnight on the day of 25 hours.
        let now = at("2026-11-01T05:30:00Z");
        let days = ["2026-11-01T04:30:00Z", "2026-11-02T05:30:00Z", "2026-11-02T06:30:00Z", "2026-11-03T05:30:00Z"]
            .map(|text| viewer_day(at(text), chicago, now));
        assert_eq!(days, ["Yesterday", "Today", "Tomorrow", "Tomorrow"]);
    }
}
