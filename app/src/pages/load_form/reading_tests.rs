//! What the form makes of what was typed. The clocks are those of the server's zones.

#![cfg(feature = "ssr")]

use super::*;
use crate::domain::{
    facility::FacilityProfile,
    geo::LatLng,
    load::{CarrierRef, Load},
    money::Currency,
    stop::{Appointment, Place, Stop, WindowKind},
    test_cards::card,
    time::Timestamp,
};
use uuid::Uuid;

fn facility(number: u128, city: &str, zone: &str, lat: f64) -> FacilityProfile {
    FacilityProfile {
        id: FacilityId(Uuid::from_u128(number)),
        name: format!("{city} dock"),
        address: None,
        place: Place { city: city.into(), state: "IL".into() },
        zone: zone.into(),
        location: LatLng { lat, lng: -88.0 },
        geofence_miles: None,
    }
}

fn chicago() -> FacilityProfile {
    facility(1, "Chicago", "America/Chicago", 41.0)
}

fn denver() -> FacilityProfile {
    facility(2, "Denver", "America/Denver", 39.0)
}

/// From Chicago on the morning of Nov 23 to Denver on the afternoon of Nov 24.
fn filled() -> LoadDraft {
    let mut draft = LoadDraft {
        customer: " Prairie Paper ".into(),
        equipment: "dry_van".into(),
        weight: "42,000".into(),
        references: "PO 1, BOL-2\n\nPO 3".into(),
        ..LoadDraft::default()
    };
    for (stop, (place, day, from, until)) in draft
        .stops
        .iter_mut()
        .zip([(chicago(), "2026-11-23", "08:00", "10:00"), (denver(), "2026-11-24", "14:00", "16:30")])
    {
        (stop.from_day, stop.from_time, stop.until_time) = (day.into(), from.into(), until.into());
        stop.facility_text = place.name.clone();
        stop.facility = Some(place);
    }
    draft
}

/// The fields that are wrong.
fn wrong(draft: &LoadDraft) -> Vec<String> {
    read(draft, true).map_or_else(|problems| problems.into_iter().map(|problem| problem.field).collect(), |_| vec![])
}

fn message(draft: &LoadDraft, field: &str) -> String {
    let problems = read(draft, true).expect_err("something is wrong");
    problems.into_iter().find(|problem| problem.field == field).map(|problem| problem.message).expect(field)
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[test]
fn times_are_on_the_clock_of_each_facility() {
    let booking = read(&filled(), true).expect("good").into_booking();
    let windows: Vec<_> = booking.stops.iter().map(|stop| (stop.window.start, stop.window.end)).collect();
    assert_eq!(windows[0], (at("2026-11-23T14:00:00Z"), at("2026-11-23T16:00:00Z")), "Chicago is UTC-6");
    assert_eq!(windows[1], (at("2026-11-24T21:00:00Z"), at("2026-11-24T23:30:00Z")), "Denver is UTC-7");
    assert_eq!((booking.customer.as_str(), booking.weight_lbs), ("Prairie Paper", 42_000));
    assert_eq!((booking.references.join("|").as_str(), booking.miles), ("PO 1|BOL-2|PO 3", None));
}

#[test]
fn a_day_on_which_clocks_change_is_read_as_it_is_there() {
    let mut draft = filled();
    let set = |draft: &mut LoadDraft, day: &str, from: &str, until: &str| {
        let stop = &mut draft.stops[0];
        (stop.from_day, stop.from_time, stop.until_time) = (day.into(), from.into(), until.into());
    };
    set(&mut draft, "2026-03-08", "02:30", "04:00");
    assert_eq!(
        message(&draft, "stop-0-from"),
        "02:30 does not come on that day: clocks in Chicago go forward over it."
    );
    set(&mut draft, "2026-03-08", "01:30", "03:30");
    let window = read(&draft, true).expect("good").stops[0].3;
    assert_eq!(window.end.since(window.start), 3_600_000, "an hour of the two is leapt over");
    set(&mut draft, "2026-11-01", "01:30", "02:00");
    let window = read(&draft, true).expect("good").stops[0].3;
    assert_eq!(window.start, at("2026-11-01T06:30:00Z"), "the first of the two");
    // Phoenix knows no summer time.
    draft.stops[0].facility = Some(facility(3, "Phoenix", "America/Phoenix", 33.4));
    set(&mut draft, "2026-03-08", "02:30", "04:00");
    assert_eq!(read(&draft, true).expect("good").stops[0].3.start, at("2026-03-08T09:30:00Z"));
}

#[test]
fn a_time_is_refused_where_the_browser_does_not_know_the_clock() {
    let mut draft = filled();
    draft.stops[0].facility = Some(facility(4, "Juarez", "America/Not_Yet_Known", 31.7));
    assert_eq!(
        message(&draft, "stop-0-from"),
        "This browser does not know the clock of Juarez (America/Not Yet Known). Update the browser to set a time there."
    );
    assert_eq!(wrong(&draft), ["stop-0-from"]);
}

#[test]
fn an_agreed_window_keeps_the_clock_of_its_stop_where_the_facility_or_its_zone_is_not_known() {
    let mut load = load();
    // The list of facilities came without Denver's.
    let draft = LoadDraft::of_load(&load, &[chicago()]);
    assert_eq!(draft.stops[1].facility.as_ref().map(|facility| facility.zone.as_str()), Some("America/Denver"));
    assert_eq!(draft.stops[1].from_time, "14:00");

    load.stops[1].time_zone = "America/Not_Yet_Known".into();
    load.stops[1].appointment.utc_offset = -420;
    let base = LoadDraft::of_load(&load, &[chicago()]);
    assert_eq!((base.stops[1].from_day.as_str(), base.stops[1].from_time.as_str()), ("2026-11-24", "14:00"));
    assert_eq!(read(&base, true).expect("good").into_patch(&base, &base, 1), None, "what is agreed stays agreed");
    let mut draft = base.clone();
    draft.stops[1].from_time = "15:00".into();
    assert_eq!(wrong(&draft), ["stop-1-from"], "a time on a clock that is not known is not guessed");
}

#[test]
fn an_appointment_may_be_one_moment_and_a_window_may_end_on_another_day() {
    let mut draft = filled();
    draft.stops[0].until_time.clear();
    assert_eq!(wrong(&draft), ["stop-0-until"]);
    draft.stops[0].window_kind = WindowKind::Fixed;
    let window = read(&draft, true).expect("good").stops[0].3;
    assert_eq!((window.start, window.kind), (window.end, WindowKind::Fixed));
    draft.stops[1].until_time = "02:00".into();
    assert_eq!(wrong(&draft), ["stop-1-until"]);
    draft.stops[1].until_day = "2026-11-25".into();
    assert_eq!(read(&draft, true).expect("good").stops[1].3.end, at("2026-11-25T09:00:00Z"));
}

#[test]
fn an_empty_form_names_every_field_that_is_needed_in_order() {
    let expected = ["customer", "equipment", "stop-0-facility", "stop-0-day", "stop-1-facility", "stop-1-day"];
    assert_eq!(wrong(&LoadDraft::default()), expected);
}

#[test]
fn what_the_server_would_refuse_is_said_beside_its_field() {
    type Change = fn(&mut LoadDraft);
    let cases: [(&str, Change); 14] = [
        ("customer", |draft| draft.customer = "x".repeat(121)),
        ("commodity", |draft| draft.commodity = "x".repeat(4_001)),
        ("weight", |draft| draft.weight = "heavy".into()),
        ("weight", |draft| draft.weight = "250,001".into()),
        ("miles", |draft| draft.miles = "-1".into()),
        ("references", |draft| draft.references = "x,".repeat(21)),
        ("references", |draft| draft.references = "x".repeat(61)),
        ("carrier", |draft| draft.carrier_text = "Swift".into()),
        ("revenue", |draft| (draft.revenue, draft.carrier_cost) = ("a lot".into(), "1".into())),
        ("carrier-cost", |draft| draft.revenue = "1850".into()),
        ("revenue", |draft| (draft.revenue, draft.carrier_cost) = ("1000000.01".into(), "1".into())),
        ("stops", |draft| draft.stops[0].kind = StopKind::Delivery),
        ("stop-1-facility", |draft| draft.stops[1].set_text(super::super::draft::StopText::Facility, "Denver".into())),
        ("stop-1-day", |draft| draft.stops[1].from_day = "2026-11-20".into()),
    ];
    for (field, change) in cases {
        let mut draft = filled();
        change(&mut draft);
        assert_eq!(wrong(&draft), [field]);
    }
}

#[test]
fn amounts_are_read_with_dollars_commas_and_cents() {
    for (text, cents) in [("1850", Some(185_000)), ("$1,850.5", Some(185_050)), (" 0.07 ", Some(7)), ("", None)] {
        assert_eq!(read_amount(text), Ok(cents), "{text}");
    }
    for text in ["1.850,00", "1850,50", "-5", "1e3", ".", "5.123", "12345678901"] {
        assert_eq!(read_amount(text), Err(()), "{text}");
    }
    let mut draft = filled();
    (draft.revenue, draft.carrier_cost, draft.currency) = ("1,850".into(), "1500.25".into(), Currency::CAD);
    let finance = read(&draft, true).expect("good").finance.expect("money");
    assert_eq!((finance.revenue.amount, finance.carrier_cost.amount), (185_000, 150_025));
    assert_eq!(read(&draft, false).expect("good").finance, None, "money is not theirs to set");
}

fn load() -> Load {
    let stop = |number: u128, place: &FacilityProfile, start: &str, end: &str| Stop {
        id: StopId(Uuid::from_u128(number)),
        position: 1,
        kind: if number == 1 { StopKind::Pickup } else { StopKind::Delivery },
        facility_id: place.id,
        facility_name: place.name.clone(),
        place: place.place.clone(),
        location: place.location,
        time_zone: place.zone.clone(),
        appointment: Appointment {
            kind: WindowKind::Fcfs,
            start: at(start),
            end: at(end),
            zone: "CST".into(),
            utc_offset: -360,
        },
        arrived_at: None,
        departed_at: None,
    };
    // Seconds and a window over the night: nothing that the fields show may be lost in between.
    let stops = vec![
        stop(1, &chicago(), "2026-11-23T14:00:30Z", "2026-11-23T16:00:00Z"),
        stop(2, &denver(), "2026-11-24T21:00:00Z", "2026-11-25T09:00:00Z"),
    ];
    Load { card: card(1), stops }
}

fn draft_of(load: &Load) -> LoadDraft {
    LoadDraft::of_load(load, &[chicago(), denver()])
}

#[test]
fn a_load_that_is_only_looked_at_is_not_changed() {
    let draft = draft_of(&load());
    assert_eq!((draft.stops[1].from_time.as_str(), draft.stops[1].until_day.as_str()), ("14:00", "2026-11-25"));
    let read = read(&draft, true).expect("good");
    assert_eq!(read.stops[0].3.start, at("2026-11-23T14:00:30Z"));
    assert_eq!(read.into_patch(&draft, &draft_of(&load()), 1), None);
}

#[test]
fn a_change_names_what_changed_and_nothing_else() {
    let base = draft_of(&load());
    let mut draft = base.clone();
    draft.commodity = "Toys".into();
    let patch = read(&draft, true).expect("good").into_patch(&draft, &base, 7).expect("a change");
    let expected = LoadPatch { version: 7, commodity: Some("Toys".into()), ..LoadPatch::default() };
    assert_eq!(patch, expected);

    draft = base.clone();
    draft.stops[1].until_time = "03:00".into();
    let patch = read(&draft, true).expect("good").into_patch(&draft, &base, 7).expect("a change");
    let stops = patch.stops.expect("stops");
    assert_eq!(stops[0].window.start, at("2026-11-23T14:00:30Z"), "the other stop stays as it was agreed");
    assert_eq!((stops[1].window.end, stops[1].id), (at("2026-11-25T10:00:00Z"), Some(StopId(Uuid::from_u128(2)))));
    assert_eq!((patch.customer, patch.finance), (None, None));
}

#[test]
fn what_is_typed_while_a_load_is_stored_is_a_change_of_it() {
    // As it is sent: both stops are new, and the texts are as they were typed.
    let sent = LoadDraft { commodity: "Toys ".into(), ..filled() };
    let mut stored = load();
    stored.card.commodity = "Toys".into();
    let (base, draft) = LoadDraft::of_stored(&stored, &sent, &sent);
    assert_eq!(draft, base, "nothing was typed meanwhile");

    let mut typed = sent.clone();
    typed.instructions = "Ring twice".into();
    let (base, draft) = LoadDraft::of_stored(&stored, &sent, &typed);
    assert_eq!(draft.changed_fields(&base), ["instructions"]);

    typed.stops[1].until_time = "17:00".into();
    typed.add_stop();
    let (base, draft) = LoadDraft::of_stored(&stored, &sent, &typed);
    assert_eq!(draft.changed_fields(&base), ["instructions", "stops"]);
    let ids: Vec<_> = draft.stops.iter().map(|stop| stop.id.map(|id| id.0.as_u128())).collect();
    assert_eq!(ids, [Some(1), None, Some(2)], "no stop of the load is made anew");
    assert_eq!(draft.stops[2].until_time, "17:00");
}

#[test]
fn what_a_load_has_is_not_emptied_in_passing() {
    let mut base = draft_of(&load());
    base.carrier = Some(CarrierRef { id: CarrierId(Uuid::from_u128(9)), name: "Swift River".into() });
    (base.carrier_text, base.revenue, base.carrier_cost) = ("Swift River".into(), "10.00".into(), "9.00".into());
    let mut draft = base.clone();
    draft.set_text(super::super::draft::Text::Carrier, String::new());
    (draft.revenue, draft.carrier_cost) = Default::default();
    let fields: Vec<_> = check_kept(&draft, &base).into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["carrier", "revenue"]);
    assert_eq!(check_kept(&base, &base), []);
}

#[test]
fn ones_own_changes_go_on_top_of_anothers() {
    let base = draft_of(&load());
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    mine.commodity = "Toys".into();
    mine.add_stop();
    (theirs.customer, theirs.commodity) = ("Lakeside Foods".into(), "Ice".into());
    let merged = mine.on_top_of(&theirs, &base);
    assert_eq!((merged.customer.as_str(), merged.commodity.as_str()), ("Lakeside Foods", "Toys"));
    assert_eq!(merged.stops.len(), 3);
    let mut more = merged.clone();
    let key = more.add_stop();
    assert_eq!(more.stops.iter().filter(|stop| stop.key == key).count(), 1, "no two stops are called the same");
    assert_eq!(mine.changed_fields(&base), ["commodity", "stops"]);
}

#[test]
fn the_same_freight_again_leaves_what_is_agreed_anew_to_be_filled_in() {
    let again = draft_of(&load()).again();
    assert_eq!(again.customer, card(1).customer);
    assert!(again.stops.iter().all(|stop| stop.id.is_none() && stop.from_day.is_empty() && !stop.from_time.is_empty()));
    assert_eq!((again.references.as_str(), again.carrier), ("", None));
    assert_eq!(again.stops[0].facility, Some(chicago()));
}

#[test]
fn stops_move_within_the_trip_and_not_beyond_it() {
    let mut draft = filled();
    let between = draft.add_stop();
    assert_eq!(draft.place_of(between), Some(1));
    assert!(draft.move_stop(between, false) && !draft.move_stop(between, false));
    assert!(draft.move_stop(between, true) && draft.move_stop(between, true) && !draft.move_stop(between, true));
    draft.remove_stop(between);
    assert_eq!((draft.stops.len(), draft.place_of(between)), (2, None));
    assert!(draft.estimated_miles().is_some_and(|miles| (150..180).contains(&miles)));
    draft.stops[0].facility = None;
    assert_eq!(draft.estimated_miles(), None);
}
