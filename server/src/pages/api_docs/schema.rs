//! Schemas in words: what a value may be, and the fields of an object.

use super::html::{escape, inline, prose};
use serde_json::Value;
use std::fmt::Write;

/// The name of a schema that is referred to.
pub fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// What a value may be, in a few words with links to what has a name.
pub fn takes(schema: &Value) -> String {
    let mut words = kind(schema);
    let bounds = bounds(schema);
    if !bounds.is_empty() {
        let _ = write!(words, " <small>{}</small>", escape(&bounds.join(", ")));
    }
    words
}

fn kind(schema: &Value) -> String {
    if let Some(name) = name_of(schema) {
        return format!("<a href=\"/api/docs#schema-{0}\">{0}</a>", escape(name));
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let choices: Vec<String> = choices.iter().filter(|choice| choice["type"] != "null").map(takes).collect();
        return choices.join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> =
            values.iter().take(12).map(|value| format!("<code>{}</code>", plain(value))).collect();
        let more = if schema["enum"].as_array().is_some_and(|all| all.len() > 12) { ", …" } else { "" };
        return format!("{}{more}", values.join(", "));
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        Value::String(kind) => vec![kind.as_str()],
        _ => Vec::new(),
    };
    match types.first() {
        Some(&"array") => format!("list of {}", takes(&schema["items"])),
        Some(kind) => {
            let format = schema["format"].as_str().filter(|format| !["int32", "int64", "double"].contains(format));
            escape(format.map_or_else(|| (*kind).to_owned(), |format| format!("{kind} ({format})")).as_str())
        }
        None => "anything".into(),
    }
}

fn plain(value: &Value) -> String {
    escape(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn bounds(schema: &Value) -> Vec<String> {
    let range = |least: &str, most: &str, what: &str| match (&schema[least], &schema[most]) {
        (Value::Null, Value::Null) => None,
        (least, Value::Null) => Some(format!("{least} or more{what}")),
        (Value::Null, most) => Some(format!("at most {most}{what}")),
        (least, most) => Some(format!("{least} to {most}{what}")),
    };
    [
        range("minLength", "maxLength", " characters"),
        range("minItems", "maxItems", ""),
        range("minimum", "maximum", ""),
        schema["uniqueItems"].as_bool().filter(|unique| *unique).map(|_| "each once".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The fields of an object, as a table.
pub fn write_fields(page: &mut String, label: &str, schema: &Value) {
    let Some(fields) = schema["properties"].as_object() else { return };
    let _ = write!(
        page,
        "<div class=\"docs-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>\
         <th scope=\"col\">Field</th><th scope=\"col\">Takes</th><th scope=\"col\">Meaning</th></tr></thead><tbody>",
        escape(label)
    );
    for (name, field) in fields {
        let is_required = schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let meaning = field["description"].as_str().or_else(|| {
            let choices = field["oneOf"].as_array()?;
            choices.iter().find_map(|choice| choice["description"].as_str())
        });
        let _ = write!(
            page,
            "<tr><th scope=\"row\"><code>{}</code>{}</th><td>{}</td><td>{}</td></tr>",
            escape(name),
            if is_required { " <b>required</b>" } else { "" },
            takes(field),
            inline(meaning.unwrap_or_default()),
        );
    }
    page.push_str("</tbody></table></div>");
}

/// Every schema that has a name.
pub fn write_all(page: &mut String, document: &Value) {
    page.push_str("<section id=\"schemas\"><h2>Schemas</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let name = escape(name);
        let _ = write!(
            page,
            "<article id=\"schema-{name}\" class=\"operation\"><h3><a href=\"#schema-{name}\">{name}</a></h3>"
        );
        page.push_str(&prose(schema["description"].as_str().unwrap_or_default()));
        if schema["properties"].is_object() {
            write_fields(page, &format!("Fields of the schema {name}"), schema);
        } else {
            let _ = write!(page, "<p>{}</p>", takes(schema));
        }
        page.push_str("</article>");
    }
    page.push_str("</section>");
}
