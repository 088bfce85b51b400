//! One operation: what it does, what it takes, what it answers.

use super::{
    html::{escape, inline, prose},
    schema,
};
use serde_json::Value;
use std::fmt::Write;

/// An operation of the description.
pub struct Operation<'a> {
    pub id: &'a str,
    pub tag: &'a str,
    method: String,
    path: &'a str,
    summary: &'a str,
    value: &'a Value,
}

impl<'a> Operation<'a> {
    /// All of them, group by group.
    pub fn all(document: &'a Value) -> Vec<Self> {
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, value) in item.as_object().into_iter().flatten() {
                let text = |name: &str| value[name].as_str().unwrap_or_default();
                let tag = value["tags"][0].as_str().unwrap_or("other");
                let summary = if text("summary").is_empty() { text("description") } else { text("summary") };
                let method = method.to_uppercase();
                all.push(Self { id: text("operationId"), tag, method, path, summary, value });
            }
        }
        let order = |operation: &Self| {
            let methods = ["GET", "POST", "PATCH", "PUT", "DELETE"];
            methods.iter().position(|method| *method == operation.method)
        };
        all.sort_by(|one, other| (one.tag, one.path, order(one)).cmp(&(other.tag, other.path, order(other))));
        all
    }

    /// Whether it has all of these words.
    pub fn has(&self, words: &[String]) -> bool {
        let more = self.value["description"].as_str().unwrap_or_default();
        let text = format!("{} {} {} {} {more}", self.method, self.path, self.tag, self.summary).to_lowercase();
        words.iter().all(|word| text.contains(word))
    }

    /// Method and path.
    pub fn line(&self) -> String {
        format!(
            "<span class=\"method method-{}\">{}</span> <span class=\"path\">{}</span>",
            self.method.to_lowercase(),
            self.method,
            escape(self.path).replace('/', "<wbr>/")
        )
    }

    pub fn write(&self, page: &mut String, document: &Value) {
        let _ = write!(
            page,
            "<article id=\"{id}\" class=\"operation\"><h3><a href=\"#{id}\">{line}</a></h3><p>{summary}</p>",
            id = escape(self.id),
            line = self.line(),
            summary = inline(self.summary),
        );
        let more = self.value["description"].as_str().filter(|more| *more != self.summary);
        page.push_str(&prose(more.unwrap_or_default()));
        self.write_parameters(page);
        self.write_body(page, document);
        self.write_answers(page);
        page.push_str("</article>");
    }

    fn write_parameters(&self, page: &mut String) {
        let parameters = self.value["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        if parameters.is_empty() {
            return;
        }
        let _ = write!(
            page,
            "<h4>Parameters</h4><div class=\"docs-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters of {}\">\
             <table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th><th scope=\"col\">Takes</th>\
             <th scope=\"col\">Meaning</th></tr></thead><tbody>",
            escape(self.id)
        );
        for parameter in parameters {
            let text = |name: &str| parameter[name].as_str().unwrap_or_default();
            let required = if parameter["required"] == true { " <b>required</b>" } else { "" };
            let _ = write!(
                page,
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}{required}</td><td>{}</td><td>{}</td></tr>",
                escape(text("name")),
                escape(text("in")),
                schema::takes(&parameter["schema"]),
                inline(text("description")),
            );
        }
        page.push_str("</tbody></table></div>");
    }

    fn write_body(&self, page: &mut String, document: &Value) {
        let body = &self.value["requestBody"]["content"]["application/json"];
        if !body.is_object() {
            return;
        }
        page.push_str("<h4>Body</h4>");
        let _ = write!(page, "<p>{}</p>", schema::takes(&body["schema"]));
        if let Some(name) = schema::name_of(&body["schema"]) {
            schema::write_fields(page, &format!("Fields of {}", self.id), &document["components"]["schemas"][name]);
        }
        if let Ok(example) = serde_json::to_string_pretty(&body["example"]) {
            let _ = write!(
                page,
                "<h4>Example</h4><pre tabindex=\"0\" role=\"region\" aria-label=\"Example of {}\"><code>{}</code></pre>",
                escape(self.id),
                escape(&example)
            );
        }
    }

    fn write_answers(&self, page: &mut String) {
        page.push_str("<h4>Answers</h4><dl class=\"answers\">");
        for (status, answer) in self.value["responses"].as_object().into_iter().flatten() {
            let kind = if status.starts_with('2') { "good" } else { "bad" };
            let content = answer["content"].as_object().and_then(|content| content.iter().next());
            let body = content.map(|(kind, content)| match schema::name_of(&content["schema"]) {
                Some("ErrorBody") => String::new(),
                _ if kind != "application/json" => format!(" <code>{}</code>", escape(kind)),
                _ => format!(" {}", schema::takes(&content["schema"])),
            });
            let _ = write!(
                page,
                "<div><dt class=\"answer-{kind}\">{status}</dt><dd>{}{}</dd></div>",
                inline(answer["description"].as_str().unwrap_or_default()),
                body.unwrap_or_default(),
            );
        }
        page.push_str("</dl>");
    }
}
