//! Which failures of the database pass: the same again, a moment later, may succeed.

use sqlx::Error;

/// PostgreSQL: two transactions that waited for one another, or can't be put in a row; a lock that was not to be had; no
/// more connections; a statement that took longer than it may, after which nobody waits for another attempt; a server
/// that starts or stops.
const PASSING: [&str; 9] = ["40001", "40P01", "55P03", "53300", "57014", "57P01", "57P02", "57P03", "08006"];
/// Those of them that end the connection.
const ENDING: [&str; 3] = ["57P01", "57P02", "08006"];
/// SQLite: another process writes (5), or a statement of this one does (6). The low byte of the code tells.
const BUSY: [i64; 2] = [5, 6];

/// Whether others were in the way, or the database could not be reached. Outside of a commit nothing was done then.
pub fn is_conflict(error: &Error) -> bool {
    is_lost(error) || matches!(error, Error::PoolTimedOut) || code_of(error).is_some_and(|code| is_passing(&code))
}

/// Whether the connection is gone.
pub fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_) => true,
        _ => code_of(error).is_some_and(|code| ENDING.contains(&code.as_str())),
    }
}

fn is_passing(code: &str) -> bool {
    // SQLSTATEs have five characters; the codes of SQLite are shorter.
    PASSING.contains(&code) || (code.len() < 5 && code.parse::<i64>().is_ok_and(|code| BUSY.contains(&(code & 0xff))))
}

fn code_of(error: &Error) -> Option<String> {
    let Error::Database(error) = error else { return None };
    error.code().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        for code in ["40P01", "40001", "55P03", "57014", "5", "6", "261", "517", "57P01"] {
            assert!(is_passing(code), "{code}");
        }
        // Unique, foreign key, a type, and of SQLite: constraint, full, read-only.
        for code in ["23505", "23503", "22P03", "19", "13", "2067", "8", ""] {
            assert!(!is_passing(code), "{code}");
        }
        assert!(is_conflict(&Error::PoolTimedOut) && !is_lost(&Error::PoolTimedOut));
        assert!(!is_conflict(&Error::PoolClosed) && !is_conflict(&Error::RowNotFound));
    }

    #[test]
    fn a_connection_that_broke_is_lost() {
        let broken = Error::Io(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
        assert!(is_lost(&broken) && is_conflict(&broken));
    }
}
