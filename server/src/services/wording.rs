//! Bounds of what people write to one another.

use super::ServiceError;

/// Text of 1 to `most` characters, without the space around it.
pub(super) fn text(field: &'static str, text: &str, most: usize) -> Result<String, ServiceError> {
    let text = text.trim();
    // PostgreSQL takes every character but this one.
    if text.contains('\0') {
        return Err(ServiceError::field(field, "takes no character U+0000"));
    }
    if text.is_empty() || text.chars().count() > most {
        return Err(ServiceError::field(field, format_args!("takes 1 to {most} characters")));
    }
    Ok(text.to_owned())
}

/// [`text`] that may be absent.
pub(super) fn maybe_text(
    field: &'static str,
    given: Option<String>,
    most: usize,
) -> Result<Option<String>, ServiceError> {
    given.map(|given| text(field, &given, most)).transpose()
}

/// The path of a page of this site. What a browser would take for another site's address is none: it reads `//` and
/// `/\` as the beginning of one, and drops tabs and line ends before it looks.
pub(super) fn site_path(field: &'static str, path: Option<String>) -> Result<Option<String>, ServiceError> {
    const MOST: usize = 500;
    let Some(path) = path else { return Ok(None) };
    let leads_away = path.starts_with("//") || path.contains('\\') || path.chars().any(char::is_control);
    if !path.starts_with('/') || leads_away || path.chars().count() > MOST {
        return Err(ServiceError::field(
            field,
            format_args!("takes the path of a page of this site, such as /loads, of at most {MOST} characters"),
        ));
    }
    Ok(Some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_counted_in_characters_and_without_the_space_around_it() {
        assert_eq!(text("body", "  héé \n", 3).unwrap(), "héé");
        for wrong in ["", "  ", "héhé", "a\0b"] {
            assert!(text("body", wrong, 3).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_link_never_leads_to_another_site() {
        for good in ["/", "/loads/1?tab=messages#last"] {
            assert_eq!(site_path("link", Some(good.into())).unwrap().as_deref(), Some(good));
        }
        for wrong in ["", "loads", "//evil.test", "/\\evil.test", "/\t/evil.test", "https://evil.test", "javascript:x"]
        {
            assert!(site_path("link", Some(wrong.into())).is_err(), "{wrong:?}");
        }
    }
}
