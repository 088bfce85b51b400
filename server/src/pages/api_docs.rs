//! `/api/docs`: the description of the API for people, made on the server. It needs no script, no login and no network
//! beyond this server; its search is a form.

mod html;
mod operation;
mod schema;

use crate::rest::openapi;
use app::{api::ROOT, components::theme_switch::BEFORE_PAINT};
use axum::{
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use html::{escape, prose};
use http::{HeaderName, HeaderValue, header};
use operation::Operation;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;
use uuid::Uuid;

const STYLE: &str = include_str!("api_docs/api_docs.css");

#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// `GET /api/docs.css`.
pub async fn style() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// `GET /api/docs?q=`: what is described, or what of it has all the words that are looked for.
pub async fn page(query: Result<Query<Search>, QueryRejection>) -> Response {
    let Query(Search { q }) = query.unwrap_or_default();
    let nonce = Uuid::new_v4().simple().to_string();
    let mut response = axum::response::Html(render(openapi::description(), q.trim(), &nonce)).into_response();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; font-src 'self'; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn render(document: &Value, search: &str, nonce: &str) -> String {
    let all = Operation::all(document);
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let found: Vec<&Operation> = all.iter().filter(|operation| operation.has(&words)).collect();
    let mut groups: Vec<(&str, Vec<&Operation>)> = Vec::new();
    for operation in &found {
        match groups.iter_mut().find(|(tag, _)| *tag == operation.tag) {
            Some((_, operations)) => operations.push(operation),
            None => groups.push((operation.tag, vec![operation])),
        }
    }
    let count = match (words.is_empty(), found.len()) {
        (true, most) => format!("{most} operations"),
        (false, 0) => format!("Nothing has “{search}”"),
        (false, some) => format!("{some} of {} operations", all.len()),
    };
    let mut page = head(nonce);
    let _ = write!(
        page,
        "<body class=\"docs\"><a class=\"skip-link\" href=\"#main\">Skip to content</a>\
         <header class=\"docs-head\"><a class=\"docs-brand\" href=\"/\">Headhaul</a><span>API</span>\
         <form action=\"/api/docs\" role=\"search\"><label class=\"sr-only\" for=\"q\">Search the API</label>\
         <input id=\"q\" name=\"q\" type=\"search\" placeholder=\"Search paths and words\" value=\"{}\">\
         <button class=\"button\">Search</button></form><a href=\"{ROOT}/openapi.json\">openapi.json</a></header>",
        escape(search)
    );
    let _ = write!(
        page,
        "<div class=\"docs-body\"><nav aria-label=\"Operations\"><p role=\"status\">{}</p>",
        escape(&count)
    );
    if !words.is_empty() {
        page.push_str("<p><a href=\"/api/docs\">Show all</a></p>");
    }
    for (tag, operations) in &groups {
        let _ = write!(page, "<h2>{}</h2><ul>", escape(tag));
        for operation in operations {
            let _ = write!(page, "<li><a href=\"#{}\">{}</a></li>", escape(operation.id), operation.line());
        }
        page.push_str("</ul>");
    }
    if words.is_empty() {
        page.push_str("<h2>Reference</h2><ul><li><a href=\"#schemas\">Schemas</a></li></ul>");
    }
    page.push_str("</nav><main id=\"main\" tabindex=\"-1\">");
    if words.is_empty() {
        introduce(&mut page, document);
    } else {
        page.push_str("<h1>Headhaul API</h1>");
    }
    for (tag, operations) in &groups {
        let _ = write!(page, "<section><h2>{}</h2>", escape(tag));
        for operation in operations {
            operation.write(&mut page, document);
        }
        page.push_str("</section>");
    }
    if words.is_empty() {
        schema::write_all(&mut page, document);
    }
    page.push_str("</main></div></body></html>");
    page
}

fn head(nonce: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>API · Headhaul</title>\
         <script nonce=\"{nonce}\">{BEFORE_PAINT}</script>\
         <link rel=\"stylesheet\" href=\"/pkg/headhaul.css\"><link rel=\"stylesheet\" href=\"/api/docs.css\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>"
    )
}

fn introduce(page: &mut String, document: &Value) {
    let about = document["info"]["description"].as_str().unwrap_or_default();
    let _ = write!(
        page,
        "<h1>Headhaul API</h1>{}\
         <p>Every address begins with <code>{ROOT}</code>. <code>POST /auth/login</code> answers a token: send it as \
         <code>Authorization: Bearer …</code>. Browsers have it in a cookie. Whoever asks for too much is answered 429, \
         and a server that is busy answers 503; both say in <code>Retry-After</code> after how many seconds to ask again.</p>",
        prose(about)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_shown_and_a_search_narrows_them_down() {
        let document = openapi::description();
        let page = render(document, "", "n");
        for operation in Operation::all(document) {
            assert!(page.contains(&format!("id=\"{}\"", operation.id)), "{}", operation.id);
        }
        let found = render(document, "tender reject", "n");
        assert!(found.contains("id=\"reject\"") && !found.contains("id=\"list_sites\""));
        assert!(render(document, "no such thing", "n").contains("Nothing has"));
    }

    #[test]
    fn what_is_looked_for_is_text() {
        let page = render(openapi::description(), "\"><script>alert(1)</script>", "n");
        assert!(!page.contains("<script>alert"), "{page}");
    }
}
