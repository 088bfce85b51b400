//! Names and telephone numbers of people who do not exist.

use crate::demo::dice::Dice;

#[rustfmt::skip]
const FIRST: [&str; 48] = [
    "Aaron", "Alicia", "Andre", "Angela", "Anton", "Bogdan", "Brandon", "Brenda", "Calvin", "Cesar", "Clarence", "Curtis",
    "Darnell", "Dennis", "Denise", "Dmitri", "Earl", "Eduardo", "Elena", "Emmanuel", "Felix", "Gary", "Gurpreet", "Harold",
    "Hector", "Ivan", "Jamal", "Javier", "Jerome", "Jolene", "Kelvin", "Kuldeep", "Leon", "Lorenzo", "Luther", "Marcus",
    "Mandeep", "Nadia", "Oscar", "Patrice", "Ramon", "Rhonda", "Roman", "Samuel", "Terrence", "Tyrone", "Vernon", "Wade",
];

#[rustfmt::skip]
const LAST: [&str; 53] = [
    "Abbott", "Achterberg", "Barajas", "Bains", "Boone", "Bratcher", "Brewer", "Cantu", "Castillo", "Chavez", "Colbert",
    "Cruz", "Dhillon", "Dobbins", "Dubois", "Easley", "Ferreira", "Fuentes", "Gaines", "Galloway", "Gill", "Hargrove",
    "Hollis", "Ionescu", "Jarvis", "Kaminski", "Kemp", "Kovalenko", "Landry", "Lozano", "McBride", "Medina", "Mercer",
    "Moreno", "Nunez", "Odom", "Ortega", "Petrov", "Pruitt", "Quintana", "Rhodes", "Rivas", "Sandhu", "Shaw", "Sokolov",
    "Stokes", "Tatum", "Thibodeaux", "Vance", "Villarreal", "Whitley", "Yates", "Zamora",
];

const AREA_CODES: [u16; 24] = [
    205, 214, 229, 309, 314, 317, 402, 405, 417, 502, 509, 515, 559, 602, 614, 615, 660, 704, 717, 731, 765, 806, 901,
    956,
];

/// The person of this number; another number is another name. Past the combinations of first and last names, people
/// have middle initials.
pub fn person(number: usize) -> String {
    let combinations = FIRST.len() * LAST.len();
    // 1,009 is prime and divides neither count, so every combination comes once.
    let place = (number % combinations) * 1_009 % combinations;
    let (first, last) = (FIRST[place % FIRST.len()], LAST[place / FIRST.len()]);
    match number / combinations {
        0 => format!("{first} {last}"),
        again => format!("{first} {}. {last}", char::from(b'A' + ((again - 1) % 26) as u8)),
    }
}

/// A number of the range that is kept free for fiction: 555-0100 to 555-0199.
pub fn phone(dice: &mut Dice) -> String {
    let area = dice.pick(&AREA_CODES).copied().unwrap_or(AREA_CODES[0]);
    format!("({area}) 555-01{:02}", dice.whole(0..100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn people_have_names_of_their_own() {
        let names: HashSet<_> = (0..6_000).map(person).collect();
        assert_eq!(names.len(), 6_000);
    }

    #[test]
    fn phones_are_of_the_range_for_fiction() {
        let mut dice = Dice::new(1);
        for _ in 0..50 {
            let phone = phone(&mut dice);
            assert!(phone.len() == 14 && phone[5..].starts_with(" 555-01"), "{phone}");
        }
    }
}
