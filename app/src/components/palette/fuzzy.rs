//! Matching what is typed against the words of a choice: beginnings first, then anywhere, then letters in order.

/// The words of a query, in lower case.
pub fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(str::to_lowercase).collect()
}

/// How well a text answers to the words, each of which must be found in it; `None` if one is not. More is better.
pub fn score(words: &[String], text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let parts: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let mut total = 0;
    for word in words {
        total += if parts.first().is_some_and(|part| part.starts_with(word.as_str())) {
            4
        } else if parts.iter().any(|part| part.starts_with(word.as_str())) {
            3
        } else if text.contains(word.as_str()) {
            2
        } else if parts.iter().any(|part| has_in_order(part, word)) {
            1
        } else {
            return None;
        };
    }
    Some(total)
}

/// Whether the letters of `word` stand in `part` in this order, beginning with its first: `dsp` in `dispatch`.
fn has_in_order(part: &str, word: &str) -> bool {
    let mut letters = part.chars();
    part.chars().next() == word.chars().next() && word.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(query: &str, text: &str) -> Option<u32> {
        score(&words(query), text)
    }

    #[test]
    fn every_word_must_be_found_in_any_order() {
        assert!(scored("carrier assign", "Assign carrier").is_some());
        assert_eq!(scored("assign driver", "Assign carrier"), None);
        assert_eq!(scored("", "Assign carrier"), Some(0));
    }

    #[test]
    fn beginnings_count_more_than_middles_and_letters_in_order() {
        let ranked = ["disp", "board", "patch", "dsp"].map(|query| scored(query, "Dispatch Board"));
        assert_eq!(ranked, [Some(4), Some(3), Some(2), Some(1)]);
        assert_eq!(scored("psd", "Dispatch Board"), None);
    }

    #[test]
    fn case_and_marks_do_not_matter() {
        assert_eq!(scored("MOVE tend", "Move to Tendered"), Some(7));
        assert!(scored("csv", "Export (CSV)").is_some());
    }
}
