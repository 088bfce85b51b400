//! Holds docs/REALTIME-KIT.md to its word: its examples are compiled, and what it quotes stands in the files.

#[cfg(doctest)]
#[doc = include_str!("../../../docs/REALTIME-KIT.md")]
struct Examples;

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    const GUIDE: &str = include_str!("../../../docs/REALTIME-KIT.md");

    /// Each file that is quoted, with the lines of the quotation.
    fn quotations() -> Vec<(&'static str, Vec<&'static str>)> {
        let mut quotations = Vec::new();
        let mut lines = GUIDE.lines().map(str::trim);
        let mut file = None;
        while let Some(line) = lines.next() {
            match line.strip_prefix("In `").and_then(|rest| rest.strip_suffix("`:")) {
                Some(named) => file = Some(named),
                None if line == "```rs" => {
                    let quoted = lines.by_ref().take_while(|line| *line != "```").collect();
                    quotations.push((file.take().expect("a quotation says where it is from"), quoted));
                }
                None => {}
            }
        }
        quotations
    }

    #[test]
    fn what_the_guide_quotes_stands_in_the_files() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let quotations = quotations();
        assert!(quotations.len() >= 7, "the guide quotes the code");
        for (file, quoted) in quotations {
            let text = fs::read_to_string(project.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            assert!(lines.windows(quoted.len()).any(|some| some == quoted), "{file} has no longer: {quoted:#?}");
        }
    }

    #[test]
    fn every_file_that_the_guide_names_is_there() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for named in GUIDE.split('`').skip(1).step_by(2) {
            let is_path = named.contains('/') && !named.starts_with('/') && named.contains('.') && !named.contains(' ');
            if is_path {
                assert!(project.join(named).exists(), "{named}");
            }
        }
    }
}
