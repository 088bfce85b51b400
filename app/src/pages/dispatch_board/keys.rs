//! Which card the arrow keys lead to: up and down in a lane, left and right between lanes.

/// A card by lane and index in it.
pub type At = (usize, usize);

/// Where a key leads from a card, given the number of cards in each lane; `None` for keys that lead nowhere.
pub fn next_card(key: &str, (lane, index): At, lengths: &[usize]) -> Option<At> {
    let here = *lengths.get(lane)?;
    let to = |lane: usize, index: usize| Some((lane, index));
    match key {
        "ArrowUp" => to(lane, index.checked_sub(1)?),
        "ArrowDown" => (index + 1 < here).then_some((lane, index + 1)),
        "Home" => to(lane, 0),
        "End" => to(lane, here.checked_sub(1)?),
        "ArrowLeft" => across((0..lane).rev(), index, lengths),
        "ArrowRight" => across(lane + 1..lengths.len(), index, lengths),
        _ => None,
    }
}

/// The nearest lane that has cards, at the same height as far as it goes.
fn across(mut lanes: impl Iterator<Item = usize>, index: usize, lengths: &[usize]) -> Option<At> {
    lanes.find(|lane| lengths[*lane] > 0).map(|lane| (lane, index.min(lengths[lane] - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTHS: [usize; 4] = [3, 0, 1, 5];

    #[test]
    fn up_and_down_stay_in_the_lane() {
        assert_eq!(next_card("ArrowDown", (0, 1), &LENGTHS), Some((0, 2)));
        assert_eq!(next_card("ArrowDown", (0, 2), &LENGTHS), None);
        assert_eq!(next_card("ArrowUp", (0, 0), &LENGTHS), None);
        assert_eq!(next_card("End", (3, 1), &LENGTHS), Some((3, 4)));
        assert_eq!(next_card("Home", (3, 4), &LENGTHS), Some((3, 0)));
    }

    #[test]
    fn left_and_right_pass_over_empty_lanes_and_stop_at_the_end_of_short_ones() {
        assert_eq!(next_card("ArrowRight", (0, 2), &LENGTHS), Some((2, 0)));
        assert_eq!(next_card("ArrowLeft", (2, 0), &LENGTHS), Some((0, 0)));
        assert_eq!(next_card("ArrowLeft", (0, 1), &LENGTHS), None);
        assert_eq!(next_card("ArrowRight", (3, 4), &LENGTHS), None);
    }

    #[test]
    fn other_keys_lead_nowhere() {
        assert_eq!(next_card("a", (0, 0), &LENGTHS), None);
    }
}
