//! What the keys do in the list of a combobox.

use super::Choice;

/// What Enter does to an open list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enter {
    /// Picks this choice.
    Pick(usize),
    /// Nothing yet: what is typed is still searched for.
    Wait,
    /// There is nothing to pick, or a text of one's own.
    Close,
}

/// What it does in a list where this choice is active. With `free` a text of one's own is good.
pub fn enter(is_searching: bool, at: Option<usize>, free: bool) -> Enter {
    match at {
        _ if is_searching && !free => Enter::Wait,
        Some(at) if !is_searching => Enter::Pick(at),
        _ => Enter::Close,
    }
}

/// The one choice that a text can mean: the only one that was found, or the only one of that name. Of several that
/// nobody has seen none is picked.
pub fn alone<'a>(choices: &'a [Choice], text: &str) -> Option<&'a Choice> {
    if let [choice] = choices {
        return Some(choice);
    }
    let text = text.trim().to_lowercase();
    let mut named = choices.iter().filter(|choice| choice.label.to_lowercase() == text);
    named.next().filter(|_| named.next().is_none())
}

/// Where an arrow leads among `count` choices, round and round.
pub fn step(key: &str, at: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match (key, at) {
        ("ArrowDown", Some(at)) if at < last => at + 1,
        ("ArrowDown", _) => 0,
        (_, Some(at)) if at > 0 => at.min(count) - 1,
        _ => last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_the_list() {
        assert_eq!((step("ArrowDown", None, 3), step("ArrowDown", Some(2), 3)), (Some(0), Some(0)));
        assert_eq!((step("ArrowUp", None, 3), step("ArrowUp", Some(0), 3)), (Some(2), Some(2)));
        assert_eq!((step("ArrowDown", Some(0), 3), step("ArrowUp", Some(2), 3)), (Some(1), Some(1)));
        assert_eq!(step("ArrowDown", None, 0), None);
    }

    #[test]
    fn enter_picks_nothing_of_the_search_before() {
        assert_eq!(enter(true, Some(0), false), Enter::Wait);
        assert_eq!(enter(true, None, false), Enter::Wait);
        assert_eq!(enter(true, Some(2), true), Enter::Close, "a text of one's own is good as it is");
        assert_eq!((enter(false, Some(2), false), enter(false, None, false)), (Enter::Pick(2), Enter::Close));
    }

    #[test]
    fn only_what_can_be_meant_alone_is_picked_unseen() {
        let choice = |label: &str| Choice { value: label.into(), label: label.into(), note: String::new() };
        let yards = [choice("Chicago Yard"), choice("Chicago Yard 2")];
        assert_eq!(alone(&yards, " chicago yard ").map(|choice| choice.label.as_str()), Some("Chicago Yard"));
        assert_eq!(alone(&yards, "chi"), None);
        assert_eq!(alone(&yards[1..], "chi").map(|choice| choice.label.as_str()), Some("Chicago Yard 2"));
        assert_eq!(alone(&[choice("Dock"), choice("Dock")], "dock"), None);
        assert_eq!(alone(&[], "chi"), None);
    }
}
