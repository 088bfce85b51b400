//! Why a change was not made, in a sentence for the person who asked for it.

use crate::{
    api::{ApiError, ErrorCode},
    components::relative_time::ago,
    domain::{
        load::{LoadCard, Person},
        status::LoadStatus,
        time::Timestamp,
    },
};
use serde::Deserialize;

/// What a conflict tells about who was first.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct First {
    status: LoadStatus,
    #[serde(default)]
    updated_by: Option<Person>,
    updated_at: Timestamp,
}

/// Who changed a load first, and when: `LD-202611-00042 was moved to Dispatched by Maria Lopez 3 s ago.`
///
/// `seen` is the status in which the person saw it.
pub fn overtaken(conflict: &ApiError, number: &str, seen: LoadStatus, now: Timestamp) -> String {
    let Ok(first) = First::deserialize(&conflict.details) else {
        return format!("{number} was changed by somebody else.");
    };
    let did = if first.status == seen { "changed".into() } else { format!("moved to {}", first.status) };
    let by = first.updated_by.map(|person| format!(" by {}", person.name)).unwrap_or_default();
    format!("{number} was {did}{by} {}.", ago(now.since(first.updated_at)))
}

/// Why a dialog's change was not made, and what to do next.
pub(super) fn not_done(error: &ApiError, card: &LoadCard, now: Timestamp) -> String {
    match error.code {
        ErrorCode::Conflict => {
            format!("{} Your change was not applied.", overtaken(error, &card.load_number, card.status, now))
        }
        // It may have arrived, and only the answer was lost.
        ErrorCode::Unreachable => "No answer came. It may have been done; sending it again does it once.".into(),
        _ => error.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card_in};
    use serde_json::{Value, json};

    fn conflict(details: Value) -> ApiError {
        ApiError { details, ..ApiError::new(ErrorCode::Conflict, "conflict") }
    }

    #[test]
    fn a_conflict_says_who_was_first_and_when() {
        let maria = json!({"id": "00000000-0000-0000-0000-000000000001", "name": "Maria Lopez"});
        let told = |status: &str, by: &Value| {
            let at = NOW.plus(-3_000);
            let error = conflict(json!({"currentVersion": 3, "status": status, "updatedBy": by, "updatedAt": at}));
            overtaken(&error, "LD-1", LoadStatus::Accepted, NOW)
        };
        assert_eq!(told("DISPATCHED", &maria), "LD-1 was moved to Dispatched by Maria Lopez 3 s ago.");
        assert_eq!(told("ACCEPTED", &maria), "LD-1 was changed by Maria Lopez 3 s ago.");
        assert_eq!(told("PENDING", &Value::Null), "LD-1 was moved to Pending 3 s ago.");
        let silent = conflict(Value::Null);
        assert_eq!(overtaken(&silent, "LD-1", LoadStatus::Pending, NOW), "LD-1 was changed by somebody else.");
    }

    #[test]
    fn the_servers_own_words_stand_and_without_an_answer_no_more_is_said_than_is_known() {
        let card = card_in(1, LoadStatus::Pending);
        let rule = ApiError::new(ErrorCode::RuleBroken, "Ironwood can't be assigned: its compliance is suspended.");
        assert_eq!(not_done(&rule, &card, NOW), rule.message);
        let silent = "No answer came. It may have been done; sending it again does it once.";
        assert_eq!(not_done(&ApiError::unreachable("down"), &card, NOW), silent);
        assert!(not_done(&conflict(Value::Null), &card, NOW).ends_with("Your change was not applied."));
    }
}
