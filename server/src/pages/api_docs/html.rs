//! Text as HTML.

/// Text in which nothing is markup.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text on one line, with what stands between backticks as code.
pub fn inline(text: &str) -> String {
    let mut parts = text.split('`');
    let mut html = escape(parts.next().unwrap_or_default());
    let rest: Vec<&str> = parts.collect();
    for (place, part) in rest.iter().enumerate() {
        let is_closed = place + 1 < rest.len();
        match (place % 2 == 0, is_closed) {
            (true, true) => html.push_str(&format!("<code>{}</code>", escape(part))),
            // A backtick that nothing closes is one.
            (true, false) => html.push_str(&format!("`{}", escape(part))),
            _ => html.push_str(&escape(part)),
        }
    }
    html
}

/// Paragraphs.
pub fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", inline(&paragraph.replace('\n', " ")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_stands_between_backticks_and_nothing_is_markup() {
        assert_eq!(inline("`a<b>` & `c`."), "<code>a&lt;b&gt;</code> &amp; <code>c</code>.");
        assert_eq!(inline("a ` b"), "a ` b");
        assert_eq!(prose("a\nb\n\n c "), "<p>a b</p><p>c</p>");
    }
}
