//! What a person typed as the pattern of a `LIKE … ESCAPE '!'`.

/// Finds the text anywhere; none of it is a wildcard.
pub fn pattern(text: &str) -> String {
    let escaped = text.chars().flat_map(|c| matches!(c, '!' | '%' | '_').then_some('!').into_iter().chain([c]));
    std::iter::once('%').chain(escaped).chain(['%']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_no_wildcard() {
        assert_eq!(pattern("50%_!"), "%50!%!_!!%");
    }
}
