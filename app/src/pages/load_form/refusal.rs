//! What the server refuses, brought to the fields that it is about.

use super::reading::Problem;
use crate::api::{ApiError, ErrorCode};

/// The problem that a refusal names: beside its field, or above the form.
pub fn problem_of(error: &ApiError) -> Problem {
    let fact = |name: &str| error.details.get(name).and_then(|value| value.as_str());
    let field = match (fact("field"), error.rule(), fact("what")) {
        (Some("weightLbs"), ..) => "weight",
        (Some("finance"), ..) | (_, Some("finance_view"), _) => "revenue",
        (Some(field @ ("customer" | "commodity" | "instructions" | "references" | "miles" | "stops")), ..) => field,
        (_, Some("insurance_expired" | "compliance_suspended" | "already_offered"), _) | (.., Some("carrier")) => {
            "carrier"
        }
        (_, Some("trip_agreed" | "stop_visited"), _) | (.., Some("facility" | "stop")) => "stops",
        _ => "",
    };
    Problem::new(field, message(error, field))
}

fn message(error: &ApiError, field: &str) -> String {
    match error.code {
        ErrorCode::Unreachable => {
            // It may have arrived, and only the answer was lost.
            "No answer came. It may have been done; sending it again unchanged does it once. What you typed is kept."
                .into()
        }
        ErrorCode::NotFound if field == "stops" => {
            format!("{} It may have been taken away meanwhile; choose another.", error.message)
        }
        _ => error.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn without_an_answer_no_more_is_said_than_is_known() {
        let problem = problem_of(&ApiError::unreachable("The server can't be reached: Failed to fetch"));
        assert!(problem.message.starts_with("No answer came. It may have been done"), "{}", problem.message);
    }

    #[test]
    fn a_refusal_is_said_beside_the_field_that_it_names() {
        for (code, details, field) in [
            (ErrorCode::RuleBroken, json!({ "rule": "value_out_of_bounds", "field": "weightLbs" }), "weight"),
            (ErrorCode::RuleBroken, json!({ "rule": "value_out_of_bounds", "field": "stops" }), "stops"),
            (ErrorCode::RuleBroken, json!({ "rule": "insurance_expired" }), "carrier"),
            (ErrorCode::RuleBroken, json!({ "rule": "trip_agreed" }), "stops"),
            (ErrorCode::RuleBroken, json!({ "rule": "status_final" }), ""),
            (ErrorCode::NotFound, json!({ "what": "facility" }), "stops"),
            (ErrorCode::NotFound, json!({ "what": "carrier" }), "carrier"),
            (ErrorCode::NotFound, json!({ "what": "load" }), ""),
            (ErrorCode::Forbidden, json!({ "rule": "finance_view" }), "revenue"),
            (ErrorCode::Unreachable, json!(null), ""),
        ] {
            let error = ApiError { code, message: "No.".into(), details: details.clone() };
            assert_eq!(problem_of(&error).field, field, "{details}");
        }
    }
}
