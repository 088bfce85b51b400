//! What the description says beyond what stands beside handlers and types: bounds, examples, and the answers that follow
//! from what all routes have in common.

use super::{bounds, examples};
use crate::{rest::admission, services::Right};
use http::Method;
use serde_json::{Map, Value, json};

/// Answers that routes have in common, where a route does not say more.
const MALFORMED: (&str, &str) = ("400", "Malformed");
const STRANGER: (&str, &str) = ("401", "Not logged in");
const FORBIDDEN: (&str, &str) = ("403", "The role may not, or the site that it comes from may not use the cookie");
const ABSENT: (&str, &str) = ("404", "There is none, or it is not the caller's to see");
const IN_USE: (&str, &str) = ("409", "The Idempotency-Key is in use, or what was asked for was done under it");
const TOO_LARGE: (&str, &str) = ("413", "The body is larger than the route takes");
const NOT_JSON: (&str, &str) = ("415", "The body is not application/json");
const RULE: (&str, &str) = ("422", "A value is out of bounds, or a rule stands against it");
const TOO_MUCH: (&str, &str) = ("429", "Too many requests; `Retry-After` says when to ask again");
const BUSY: (&str, &str) = ("503", "Busy, nothing was done; `Retry-After` says when to ask again");
const TIMED_OUT: (&str, &str) = ("504", "It took too long and was given up; it may have been done");

/// Completes a description.
pub fn refine(document: &mut Value) {
    document["components"]["schemas"]["TimeZone"] = bounds::time_zones();
    for (schema, field, bound) in bounds::of_bodies() {
        narrow(&mut document["components"]["schemas"][schema]["properties"][field], bound);
    }
    for (schema, least, most) in bounds::of_lists() {
        let list = &mut document["components"]["schemas"][schema]["oneOf"][1];
        narrow(list, json!({ "minItems": least, "maxItems": most }));
    }
    let mut operations = Vec::new();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                operations.push((path.clone(), method.to_uppercase(), operation));
            }
        }
    }
    for (path, method, operation) in operations {
        complete(&path, &method, operation);
    }
}

/// Adds bounds to a schema. One that is another schema by name stays that, or null where it may be.
fn narrow(schema: &mut Value, bound: Value) {
    let may_be_null = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    let (Some(known), Value::Object(bound)) = (schema.as_object_mut(), bound) else { return };
    if let Some(name) = bound.get("$ref") {
        known.remove("type");
        let named = json!({ "$ref": name });
        if may_be_null {
            known.insert("oneOf".into(), json!([named, { "type": "null" }]));
        } else {
            known.insert("$ref".into(), name.clone());
        }
        return;
    }
    known.extend(bound);
}

fn complete(path: &str, method: &str, operation: &mut Value) {
    let is_login = path == "/auth/login";
    let is_write = method != "GET";
    let takes_key = is_write && !path.starts_with("/auth/") && path != "/loads/export";
    if is_login {
        operation["security"] = json!([]);
    }
    let body = &mut operation["requestBody"]["content"]["application/json"];
    let has_body = body.is_object();
    if let Some(name) = body["schema"]["$ref"].as_str().and_then(|name| name.rsplit('/').next())
        && let Some(example) = examples::of(name)
    {
        body["example"] = example;
    }
    if !has_body && let Some(operation) = operation.as_object_mut() {
        operation.remove("requestBody");
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let bounds =
            bounds::of_queries().into_iter().filter(|(of, named, _)| *named == name && (of.is_empty() || *of == path));
        // What is said of the path itself comes last, and wins.
        let mut bounds: Vec<_> = bounds.collect();
        bounds.sort_by_key(|(of, ..)| !of.is_empty());
        if parameter["in"] == "query" {
            for (.., bound) in bounds {
                narrow(&mut parameter["schema"], bound);
            }
        }
    }
    if takes_key {
        let key = json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A name of the caller's for this request: sent again within 24 hours, it is answered as the first time.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        });
        match operation.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
    let has_parameters = operation["parameters"].as_array().is_some_and(|parameters| !parameters.is_empty());
    let right = Method::from_bytes(method.as_bytes()).ok().and_then(|method| admission::of(&method, path));
    let is_limited = right.is_some_and(|asked| asked.right != Right::Anyone);
    let mut answers = vec![STRANGER, TOO_MUCH, BUSY, TIMED_OUT];
    answers.extend((has_body || has_parameters).then_some(MALFORMED));
    answers.extend((!is_login).then_some(FORBIDDEN));
    answers.extend((path.contains('{')).then_some(ABSENT));
    if has_body {
        answers.extend([TOO_LARGE, NOT_JSON]);
    }
    if has_body && !is_login || is_limited {
        answers.push(RULE);
    }
    if takes_key {
        answers.extend([IN_USE, RULE]);
        answers.extend((!has_body).then_some(TOO_LARGE));
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, description) in answers {
        if !responses.contains_key(status) {
            responses.insert(status.to_owned(), refusal(description));
        }
    }
    for status in ["429", "503"] {
        if let Some(response) = responses.get_mut(status) {
            response["headers"] = json!({
                "Retry-After": { "description": "Seconds.", "schema": { "type": "integer", "minimum": 1 } },
            });
        }
    }
    sort(responses);
}

fn refusal(description: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/ErrorBody" });
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn sort(responses: &mut Map<String, Value>) {
    let mut all: Vec<_> = std::mem::take(responses).into_iter().collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    responses.extend(all);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::openapi::description;
    use std::collections::BTreeSet;

    #[test]
    fn every_bound_is_of_a_field_or_parameter_that_there_is() {
        let document = description();
        for (schema, field, _) in bounds::of_bodies() {
            let property = &document["components"]["schemas"][schema]["properties"][field];
            assert!(
                property["type"].is_string()
                    || property["type"].is_array()
                    || property["$ref"].is_string()
                    || property["oneOf"].is_array(),
                "{schema}.{field}: {property}"
            );
        }
        for (path, name, _) in bounds::of_queries().iter().filter(|(path, ..)| !path.is_empty()) {
            let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap();
            assert!(parameters.iter().any(|parameter| parameter["name"] == *name), "{path} {name}");
        }
    }

    #[test]
    fn every_body_has_an_example() {
        let document = description();
        let mut missing = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let body = &operation["requestBody"]["content"]["application/json"];
                if body.is_object() && body["example"].is_null() {
                    missing.push(format!("{method} {path}"));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn the_routes_are_those_that_are_described() {
        let table = include_str!("../../rest.rs");
        let (_, table) = table.split_once("let v1 = Router::new()").unwrap();
        let (table, _) = table.split_once(".fallback(").unwrap();
        let mut routes = BTreeSet::new();
        for route in table.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').unwrap();
            for method in ["get", "post", "patch", "put", "delete"] {
                let named = |before: char| handlers.contains(&format!("{before}{method}("));
                if named(' ') || named('.') || named('\n') {
                    routes.insert(format!("{method} {path}"));
                }
            }
        }
        routes.remove("get /openapi.json");
        let document = description();
        let paths = document["paths"].as_object().unwrap().iter();
        let described: BTreeSet<String> = paths
            .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| format!("{method} {path}")))
            .collect();
        assert_eq!(routes, described);
    }
}
