//! Texts that people give.

use super::ServiceError;

/// A text that must say something, in at most so many characters, without the white space around it.
pub(super) fn line(field: &'static str, text: &str, most: usize) -> Result<String, ServiceError> {
    let text = text.trim();
    if (1..=most).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(ServiceError::field(field, format_args!("takes 1 to {most} characters")))
    }
}
