//! People as faces: initials in circles, as many as there is room for, with their names.

use crate::domain::load::Person;
use leptos::prelude::*;

/// More are counted: `+2`.
const SHOWN: usize = 3;

/// First letters of the first and the last name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let (first, last) = (words.next(), words.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// What a person is called at the desk.
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// How many circles so many people take, for a hook: none, 1 to 4.
pub const fn face_count(people: usize) -> Option<&'static str> {
    match people {
        0 => None,
        1 => Some("1"),
        2 => Some("2"),
        3 => Some("3"),
        _ => Some("4"),
    }
}

/// `John Miller looks at it`, `John Miller and Sam Lee look at it`.
pub fn who_looks(people: &[Person]) -> String {
    let names: Vec<_> = people.iter().map(|person| person.name.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("{one} looks at it"),
        [others @ .., last] => format!("{} and {last} look at it", others.join(", ")),
    }
}

/// The faces of those who look at something; nothing where nobody does.
pub fn faces(people: &[Person]) -> AnyView {
    if people.is_empty() {
        return ().into_any();
    }
    let who = who_looks(people);
    let face = |person: &Person| view! { <span class="face">{initials(&person.name)}</span> }.into_any();
    let more = people.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| view! { <span class="face face-more">{format!("+{more}")}</span> });
    view! {
        <span class="faces" role="img" aria-label=who.clone() title=who>
            {people.iter().take(SHOWN).map(face).collect_view()}
            {more}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::UserId;
    use uuid::Uuid;

    fn people(names: &[&str]) -> Vec<Person> {
        names.iter().map(|name| Person { id: UserId(Uuid::nil()), name: (*name).into() }).collect()
    }

    #[test]
    fn initials_are_of_first_and_last_name() {
        let all = ["Maria Lopez", "John van der Berg", "cher", "  ", "élan ümit"].map(initials);
        assert_eq!(all, ["ML", "JB", "C", "", "ÉÜ"]);
        assert_eq!((first_name("John van der Berg"), first_name("")), ("John", ""));
    }

    #[test]
    fn everybody_is_named_however_many_there_are() {
        assert_eq!(who_looks(&people(&["John Miller"])), "John Miller looks at it");
        assert_eq!(who_looks(&people(&["Ann", "Ben", "Cid", "Dee"])), "Ann, Ben, Cid and Dee look at it");
        assert_eq!([0, 1, 3, 4, 9].map(face_count), [None, Some("1"), Some("3"), Some("4"), Some("4")]);
    }
}
