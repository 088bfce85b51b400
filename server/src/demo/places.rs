//! The places where the demo's freight is picked up and delivered.

mod list;

use app::domain::geo::LatLng;

pub use list::FACILITIES;

/// What a facility is, which decides what freight comes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Distribution and fulfilment centers, crossdocks.
    Warehouse,
    /// Makes things from parts and metal.
    Plant,
    /// Makes food or paper.
    Processor,
    /// Packers of produce and meat, border docks, sawmills: they ship, and take nothing by truckload.
    Source,
    /// Cold storage.
    Cold,
    /// Steel and pipe.
    Mill,
    /// Sea terminals.
    Port,
    /// Rail ramps and drop yards.
    Ramp,
}

/// A freight facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facility {
    pub name: &'static str,
    pub city: &'static str,
    /// Two letters.
    pub state: &'static str,
    /// IANA time zone.
    pub zone: &'static str,
    pub at: LatLng,
    pub kind: Kind,
    /// First hour of the day, local time, in which trucks are taken.
    pub opens: i8,
    /// Hour of the day, local time, at which the gate closes; 24 where it never does.
    pub closes: i8,
    /// The commodities that leave from here.
    pub ships: &'static [&'static str],
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn facilities_are_distinct_american_places_in_known_zones() {
        let mut names = HashSet::new();
        for facility in &FACILITIES {
            assert!(names.insert(facility.name), "{} twice", facility.name);
            assert!((24.5..49.1).contains(&facility.at.lat), "{}", facility.name);
            assert!((-124.8..-66.9).contains(&facility.at.lng), "{}", facility.name);
            assert_eq!(facility.state.len(), 2);
            assert!(jiff::tz::TimeZone::get(facility.zone).is_ok(), "{}", facility.zone);
            assert!(0 <= facility.opens && facility.opens + 8 <= facility.closes && facility.closes <= 24);
        }
    }

    #[test]
    fn there_are_several_of_each_kind() {
        for kind in {
            use Kind::*;
            [Warehouse, Plant, Processor, Source, Cold, Mill, Port, Ramp]
        } {
            assert!(FACILITIES.iter().filter(|facility| facility.kind == kind).count() >= 3, "{kind:?}");
        }
    }
}
