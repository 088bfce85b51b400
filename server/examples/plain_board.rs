//! The peer of the board page: the same words between the same markup, by a plain template, out of the same database.
//!
//! `plain_board DATABASE_URL TENANT_ID TEMPLATE` serves `/page`, and `/page/data`, which carries the whole board as JSON
//! besides. TEMPLATE is a JSON file: a list of texts, which are sent as they are, and of `[load number, field]`. What a
//! page says by the clock is text to it, and it knows neither lanes nor urgency nor who asks. The port is the first line
//! of the output.

use app::{
    api::loads::Board,
    domain::{
        id::TenantId,
        load::LoadCard,
        time::{DAY, Timestamp},
    },
};
use axum::{Router, extract::State, http::StatusCode, response::Html, routing::get};
use serde::Deserialize;
use server::store::{
    Database,
    loads::{Scope, board},
};
use std::{
    collections::HashMap,
    env,
    error::Error,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

/// For how long the board keeps a completed load.
const COMPLETED_SHOWN: i64 = 7 * DAY;

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Value(String, Field),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
enum Field {
    LoadNumber,
    Customer,
    OriginCity,
    DestinationCity,
    Carrier,
    Driver,
}

struct Page {
    database: Database,
    tenant: TenantId,
    parts: Vec<Part>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("plain_board DATABASE_URL TENANT_ID TEMPLATE");
    let (url, tenant, template) = (next()?, next()?, next()?);
    let page = Page {
        database: Database::open(&url).await?,
        tenant: tenant.parse()?,
        parts: serde_json::from_str(&std::fs::read_to_string(template)?)?,
    };
    let router = Router::new()
        .route("/page", get(async |State(page): State<Arc<Page>>| answer(&page, false).await))
        .route("/page/data", get(async |State(page): State<Arc<Page>>| answer(&page, true).await))
        .layer(CompressionLayer::new())
        .with_state(Arc::new(page));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, router).await?;
    Ok(())
}

async fn answer(page: &Page, with_data: bool) -> Result<Html<String>, (StatusCode, String)> {
    render(page, with_data).await.map(Html).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn render(page: &Page, with_data: bool) -> Result<String, Box<dyn Error>> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let now = Timestamp::from_millis(now);
    let mut tx = page.database.begin_snapshot().await?;
    let cards = board(&mut tx, page.tenant, Scope::Tenant, now.plus(-COMPLETED_SHOWN)).await?;
    let by_number: HashMap<&str, &LoadCard> = cards.iter().map(|card| (card.load_number.as_str(), card)).collect();
    let mut html = String::with_capacity(500_000);
    for part in &page.parts {
        match part {
            Part::Text(text) => html.push_str(text),
            Part::Value(number, field) => {
                if let Some(value) = by_number.get(number.as_str()).and_then(|card| value(card, *field)) {
                    escape(&mut html, value);
                }
            }
        }
    }
    if with_data {
        let board =
            Board { cards: cards.into_iter().map(LoadCard::without_finance).collect(), now, rules: <_>::default() };
        html.push_str("<script type=\"application/json\">");
        html.push_str(&serde_json::to_string(&board)?.replace('<', "\\u003c"));
        html.push_str("</script>");
    }
    Ok(html)
}

fn value(card: &LoadCard, field: Field) -> Option<&str> {
    Some(match field {
        Field::LoadNumber => &card.load_number,
        Field::Customer => &card.customer,
        Field::OriginCity => &card.origin.city,
        Field::DestinationCity => &card.destination.city,
        Field::Carrier => &card.carrier.as_ref()?.name,
        Field::Driver => &card.driver.as_ref()?.name,
    })
}

fn escape(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
}
