//! What drivers say in a check call, and how they name the place.

use super::{
    dice::Dice,
    roads::{Roads, Spot},
};

/// What the driver is doing when the call comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Empty, on the way to the pickup.
    Deadhead,
    AtPickup,
    Loaded,
    Rolling,
    /// The interruption after 8 hours of driving.
    OnBreak,
    /// The daily rest.
    Resting,
    /// At a stop between the first pickup and the last delivery.
    AtStop,
    AtDelivery,
}

/// A place as a driver would say it: `I-40 W near Amarillo, TX`.
pub fn name_place(roads: &Roads, spot: &Spot) -> String {
    let near = roads.nearest_junction(spot.at).map_or("", |junction| junction.name);
    match direction(spot.road, spot.heading) {
        Some(direction) => format!("{} {direction} near {near}", spot.road),
        None => near.to_owned(),
    }
}

/// The signed direction of a numbered road: odd numbers run north and south, even ones east and west.
fn direction(road: &str, heading: f64) -> Option<char> {
    let number: String = road.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let number: u32 = number.parse().ok()?;
    Some(match (number % 2, heading) {
        (1, heading) if (90.0..270.0).contains(&heading) => 'S',
        (1, _) => 'N',
        (_, heading) if heading < 180.0 => 'E',
        _ => 'W',
    })
}

/// A note of a check call at a place.
pub fn note(dice: &mut Dice, moment: Moment, place: &str) -> String {
    dice.phrase(phrases(moment)).replace("{}", place)
}

const fn phrases(moment: Moment) -> &'static [&'static str] {
    match moment {
        Moment::Deadhead => &[
            "Empty and rolling to the shipper, {}.",
            "Deadheading, {}. Has the pickup number.",
            "{}, on the way to pickup. Confirmed the appointment.",
            "Delivered the last one, headed to the shipper. {}.",
        ],
        Moment::AtPickup => &[
            "Checked in at the shipper, waiting on a door.",
            "In the door, loading now.",
            "Freight not ready, shipper says another hour.",
            "Half loaded, about 40 minutes to go.",
        ],
        Moment::Loaded => {
            &["Loaded, waiting on the BOL.", "Loaded, counts match. Scaling next.", "Load secured. Rolling shortly."]
        }
        Moment::Rolling => &[
            "{}. Rolling, no issues.",
            "{}, on schedule.",
            "{}. Fueling, back on the road in 20.",
            "{}. Light rain, making good time.",
            "{}. Construction, lost about 20 minutes.",
            "{}. All good.",
            "{}. Heavy traffic, moving again now.",
            "Scaled legal, {}.",
            "{}. Crosswinds, taking it easy.",
        ],
        Moment::OnBreak => &["30-minute break, {}.", "Taking a 30, {}. Rolls right after."],
        Moment::Resting => &[
            "On a 10-hour break, {}.",
            "Parked for the night at a truck stop, {}.",
            "Out of hours, shut down, {}. Rolls after 10 hours off.",
        ],
        Moment::AtStop => &["At the stop, in the door.", "Checked in at the extra stop, waiting on a door."],
        Moment::AtDelivery => &[
            "Checked in at the receiver, waiting on a door.",
            "Backed in, unloading now.",
            "Receiver is behind, no door yet.",
            "Lumper is on it, about an hour to go.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::geo::LatLng;

    #[test]
    fn names_road_direction_and_the_nearest_city() {
        let roads = Roads::interstates();
        let spot = |road, heading| Spot { at: LatLng { lat: 35.2, lng: -101.6 }, heading, road };
        assert_eq!(name_place(roads, &spot("I-40", 268.0)), "I-40 W near Amarillo, TX");
        assert_eq!(name_place(roads, &spot("I-35E", 185.0)), "I-35E S near Amarillo, TX");
        assert_eq!(name_place(roads, &spot("I-27", 355.0)), "I-27 N near Amarillo, TX");
        assert_eq!(name_place(roads, &spot("", 0.0)), "Amarillo, TX");
    }
}
