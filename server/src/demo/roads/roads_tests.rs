//! The network is whole, and its miles are those of the signs.

use super::*;
use crate::demo::places::FACILITIES;
use std::collections::HashSet;

fn junction(name: &str) -> LatLng {
    Roads::interstates().junctions.iter().find(|junction| junction.name == name).unwrap().at
}

fn miles(from: &str, to: &str) -> f64 {
    Roads::interstates().route(junction(from), junction(to)).miles()
}

#[test]
fn every_line_of_the_tables_is_read() {
    let roads = Roads::interstates();
    let names: HashSet<_> = roads.junctions.iter().map(|junction| junction.name).collect();
    assert_eq!(network::lines(network::JUNCTIONS).count(), names.len());
    let mut pieces = 0;
    for line in network::lines(network::INTERSTATES) {
        let (head, run) = line.split_once(": ").unwrap();
        if let Some((_, winding)) = head.split_once(" x") {
            assert!((1.0..1.3).contains(&winding.parse().unwrap()), "{head}");
        }
        for point in run.split(" > ") {
            assert!(names.contains(point) || network::position(point).is_some(), "{head}: {point}");
        }
        pieces += run.split(" > ").count() - 1;
    }
    assert_eq!(roads.pieces.len(), pieces);
    assert!(names.len() > 200 && pieces > 1000, "{} {pieces}", names.len());
}

#[test]
fn no_piece_is_so_long_that_trucks_would_leave_the_road() {
    for piece in &Roads::interstates().pieces {
        assert!(piece.miles < 150.0 && piece.miles.is_finite(), "{piece:?}");
    }
}

#[test]
fn every_facility_is_near_an_interstate_and_connected_to_every_other() {
    let roads = Roads::interstates();
    for from in &FACILITIES {
        let gate = roads.enter(from.at).unwrap();
        assert!(gate.at.miles_to(from.at) < 15.0, "{} {}", from.name, gate.at.miles_to(from.at));
        let reach = roads.reach(from.at);
        for to in &FACILITIES {
            let route = reach.route(to.at);
            let straight = from.at.miles_to(to.at);
            assert!(route.miles().is_finite());
            assert!(route.miles() >= straight - 1e-6, "{} to {}", from.name, to.name);
            // Around the Great Lakes the way is more than twice as long as the line.
            assert!(straight < 60.0 || route.miles() < straight * 2.4, "{} to {}", from.name, to.name);
            assert_eq!((route.points()[0], *route.points().last().unwrap()), (from.at, to.at));
        }
    }
}

#[test]
fn well_known_lanes_are_as_long_as_on_the_road() {
    for (from, to, low, high) in [
        ("Chicago, IL", "Dallas, TX", 925.0, 970.0),
        ("Los Angeles, CA", "Phoenix, AZ", 370.0, 395.0),
        ("New York, NY", "Chicago, IL", 775.0, 820.0),
        ("Atlanta, GA", "Dallas, TX", 765.0, 815.0),
        ("Seattle, WA", "Portland, OR", 168.0, 180.0),
        ("Denver, CO", "Salt Lake City, UT", 505.0, 540.0),
        ("Los Angeles, CA", "Seattle, WA", 1_110.0, 1_170.0),
        ("Los Angeles, CA", "New York, NY", 2_750.0, 2_850.0),
        ("Miami, FL", "Atlanta, GA", 645.0, 695.0),
        ("Memphis, TN", "Nashville, TN", 205.0, 216.0),
        ("Laredo, TX", "Dallas, TX", 420.0, 445.0),
        ("Detroit, MI", "Chicago, IL", 270.0, 290.0),
        ("Spokane, WA", "Seattle, WA", 270.0, 288.0),
        ("Charlotte, NC", "Richmond, VA", 280.0, 302.0),
        ("Sacramento, CA", "Reno, NV", 126.0, 138.0),
    ] {
        let miles = miles(from, to);
        assert!((low..high).contains(&miles), "{from} to {to}: {miles}");
        assert!((miles - self::miles(to, from)).abs() < 1e-6, "{from} to {to} and back");
    }
}

#[test]
fn a_truck_on_a_route_moves_without_leaps_and_looks_where_it_goes() {
    let roads = Roads::interstates();
    let route = roads.route(junction("Los Angeles, CA"), junction("Amarillo, TX"));
    let mut before = route.point_at(0.0);
    for mile in 1..=route.miles() as usize {
        let spot = route.point_at(mile as f64);
        let driven = before.at.miles_to(spot.at);
        assert!(driven <= 1.001, "mile {mile}: {driven}");
        assert!((0.0..360.0).contains(&spot.heading) && LatLng::new(spot.at.lat, spot.at.lng).is_some());
        before = spot;
    }
    assert!(before.at.miles_to(junction("Amarillo, TX")) < 1.0);
}

#[test]
fn a_way_may_begin_in_the_middle_of_nowhere_and_goes_on_along_the_same_road() {
    let roads = Roads::interstates();
    let whole = roads.route(junction("Barstow, CA"), junction("Flagstaff, AZ"));
    for mile in [10.0, 95.0, 200.0] {
        let rest = roads.route(whole.point_at(mile).at, junction("Flagstaff, AZ"));
        assert!((rest.miles() - (whole.miles() - mile)).abs() < 1.0, "{mile}: {}", rest.miles());
    }
    let offshore = roads.route(LatLng { lat: 0.0, lng: 0.0 }, junction("Miami, FL"));
    assert!(offshore.miles().is_finite());
}

#[test]
fn across_town_needs_no_interstate() {
    let (here, there) = (LatLng { lat: 41.90, lng: -88.30 }, LatLng { lat: 41.95, lng: -88.32 });
    let route = Roads::interstates().route(here, there);
    assert_eq!(route.points().len(), 2);
    assert_eq!(Roads::interstates().route(here, here).miles(), 0.0);
}

#[test]
fn names_the_city_that_a_place_is_near() {
    let near = Roads::interstates().nearest_junction(LatLng { lat: 35.20, lng: -101.70 }).unwrap();
    assert_eq!(near.name, "Amarillo, TX");
}
