//! Texts of one line that people give: names and the like.

use super::ServiceError;

/// A text that must say something, in at most so many characters, without the white space around it.
pub(super) fn line(field: &'static str, text: &str, most: usize) -> Result<String, ServiceError> {
    let text = text.trim();
    if text.chars().any(|character| character.is_control() || turns_the_line(character)) {
        return Err(ServiceError::field(field, "takes one line of text, without control characters"));
    }
    if text.chars().all(is_unseen) || text.chars().count() > most {
        return Err(ServiceError::field(field, format_args!("takes 1 to {most} characters")));
    }
    Ok(text.to_owned())
}

/// Characters that have what stands around them read in another direction.
const fn turns_the_line(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that show nothing by themselves.
const fn is_unseen(character: char) -> bool {
    matches!(character, ' ' | '\u{A0}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_something_that_can_be_read() {
        for good in ["Prairie Paper", " Löwe & Söhne ", "👩\u{200D}🌾 Farms"] {
            assert_eq!(line("name", good, 20).unwrap(), good.trim());
        }
        for wrong in ["", " \t", "\u{200B}", "two\nlines", "esc\u{1B}[31m", "\u{202E}gnirts", "012345678901234567890"] {
            assert!(line("name", wrong, 20).is_err(), "{wrong:?}");
        }
    }
}
