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
            format!("Nothing was sent: {} What you typed is kept; try again.", error.message)
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
