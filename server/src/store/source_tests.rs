//! What no type says of the SQL of this project, read from its sources.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found
}

/// The columns of numbers that may be missing, by the migrations.
fn nullable_reals() -> BTreeSet<String> {
    let is_nullable = |line: &&str| line.contains("DOUBLE PRECISION") && !line.contains("NOT NULL");
    let column = |line: &str| {
        let before = line.split("DOUBLE PRECISION").next()?;
        before.split_whitespace().last().map(str::to_owned)
    };
    let migrations = sources("migrations");
    migrations.iter().flat_map(|(_, text)| text.lines().filter(is_nullable).filter_map(column)).collect()
}

#[test]
fn a_number_that_may_be_missing_is_bound_as_one() {
    let columns = nullable_reals();
    assert!(["humidity", "geofence_miles", "speed"].iter().all(|column| columns.contains(*column)), "{columns:?}");
    for (file, text) in sources("src") {
        for line in text.lines() {
            let bound = columns.iter().find(|column| line.contains(".bind(") && line.contains(&format!(".{column})")));
            assert!(bound.is_none(), "{}: {line} takes bind_real", file.display());
        }
    }
}

#[test]
fn transactions_are_committed_where_a_lost_commit_is_told_from_one_that_was_undone() {
    for (file, text) in sources("src").into_iter().filter(|(file, _)| !file.to_string_lossy().ends_with("_tests.rs")) {
        let commits = text.split("#[cfg(test)]").next().unwrap_or_default().matches("tx.commit()").count();
        let allowed = usize::from(file.ends_with("src/store.rs"));
        assert_eq!(commits, allowed, "{}: takes store::commit", file.display());
    }
}
