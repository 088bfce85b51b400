//! The filter of loads: the list finds what the board's own sieve lets pass, and refuses what it does not take.

use crate::fixture::{Fixture, NOW, Person, new_load, on_both};
use app::domain::{
    id::UserId,
    load::LoadCard,
    load_filter::{LoadFilter, Sieve, searched_text},
    time::{HOUR, Timestamp},
};
use serde_json::{Value, json};

/// Loads that differ in all that a filter looks at.
async fn book_all(fixture: &Fixture, person: &Person<'_>) {
    let customers = ["Prairie Paper", "R&R, 100% Foods", "O'Neil_Steel", "Acme!"];
    let equipment = ["dry_van", "reefer", "flatbed"];
    for number in 0..24usize {
        let mut load = new_load(&fixture.acme);
        load["customer"] = json!(customers[number % customers.len()]);
        load["equipment"] = json!(equipment[number % equipment.len()]);
        load["hot"] = json!(number % 5 == 0);
        load["references"] = json!([format!("PO-{number}")]);
        if number % 3 == 0 {
            load.as_object_mut().unwrap().remove("carrierId");
        }
        let move_by = (number as i64 - 4) * 5 * HOUR;
        for stop in load["stops"].as_array_mut().unwrap() {
            for side in ["start", "end"] {
                let at: Timestamp = stop["window"][side].as_str().unwrap().parse().unwrap();
                stop["window"][side] = json!(at.plus(move_by).to_string());
            }
        }
        let booked = person.post("/loads", &load).await.data().clone();
        if number % 2 == 0 {
            person.step(&booked, "PENDING", None).await;
        } else if number > 10 && number % 3 != 0 {
            // Some are expected late, some tight, some in time.
            let sent = person.bring_to(&booked, "DISPATCHED").await;
            let eta = NOW.plus(4 * HOUR + move_by + [HOUR, -HOUR / 2, -3 * HOUR, 0][number / 2 % 4]);
            let path = format!("/loads/{}/eta", sent["id"].as_str().unwrap());
            person.post(&path, &json!({ "eta": eta })).await.data();
        }
    }
}

/// Every page of the list, as load numbers, oldest first; and the total that it names.
async fn listed(person: &Person<'_>, query: &str) -> (Vec<String>, i64) {
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("/loads?limit=7&{query}{cursor}")).await.body;
        let loads = page["data"].as_array().unwrap_or_else(|| panic!("{query}: {page}"));
        numbers.extend(loads.iter().map(|load| load["loadNumber"].as_str().unwrap().to_owned()));
        match &page["page"]["next"] {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => {
                numbers.reverse();
                return (numbers, page["page"]["total"].as_i64().unwrap());
            }
        }
    }
}

on_both!(the_list_finds_what_the_sieve_lets_pass, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    book_all(&fixture, &maria).await;
    fixture.advance_clock(26 * HOUR);
    // The login has run out meanwhile.
    let maria = fixture.login("maria", "acme").await;
    let me: UserId = maria.get("/auth/me").await.data()["id"].as_str().unwrap().parse().unwrap();
    let board = maria.get("/loads/board").await.body;
    let now: Timestamp = board["data"]["now"].as_str().unwrap().parse().unwrap();
    let mut cards: Vec<LoadCard> = serde_json::from_value(board["data"]["cards"].clone()).unwrap();
    cards.sort_by(|a, b| a.load_number.cmp(&b.load_number));
    let carrier = fixture.acme.fit_carrier;
    let today = now.civil(-360);
    let day = format!("{:04}-{:02}-{:02}", today.year, today.month, today.day);
    let queries = [
        "status=PENDING".to_owned(),
        "status=PENDING&status=TENDERED&equipment=reefer".into(),
        "equipment=reefer&equipment=flatbed".into(),
        format!("carrier={carrier}"),
        "carrier=none".into(),
        format!("carrier=none&carrier={carrier}"),
        "customer=R%26R%2C%20100%25%20Foods".into(),
        "customer=O'Neil_Steel&customer=Acme!".into(),
        "from=IL&to=TX".into(),
        "from=GA".into(),
        "dispatcher=me".into(),
        "dispatcher=none".into(),
        "priority=hot".into(),
        "priority=late".into(),
        "priority=at_risk".into(),
        "priority=hot&priority=late&equipment=dry_van".into(),
        "pickup=today".into(),
        "pickup=tomorrow".into(),
        format!("pickup={day}.."),
        format!("delivery=..{day}"),
        format!("delivery={day}&pickup=..{day}"),
        "q=chicago%20prairie".into(),
        "q=unassigned".into(),
        "q=100%25".into(),
        "q=il_st".into(),
        "q=po-7".into(),
        "q=acme!".into(),
        "q=%27%3B--".into(),
    ];
    let mut found_some = 0;
    for query in &queries {
        let mut filter = LoadFilter::default();
        for (name, value) in decoded(query) {
            assert_eq!(filter.take(&name, &value), Ok(true), "{query}");
        }
        let sieve = Sieve::new(&filter, me, now);
        let passes = |card: &&LoadCard| sieve.passes(card, &searched_text(card));
        let expected: Vec<String> = cards.iter().filter(passes).map(|card| card.load_number.clone()).collect();
        found_some += usize::from(!expected.is_empty() && expected.len() < cards.len());
        assert_eq!(listed(&maria, query).await, (expected.clone(), expected.len() as i64), "{query}");
    }
    assert!(found_some > queries.len() / 2, "most of the filters find some and leave some out: {found_some}");
});

on_both!(a_filter_finds_nothing_of_another_tenant, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    book_all(&fixture, &maria).await;
    let stranger = fixture.login("maria", "globex").await;
    for query in
        ["q=prairie", "carrier=none", "dispatcher=me&carrier=none", "priority=hot&priority=late", "pickup=today"]
    {
        assert_eq!(listed(&stranger, query).await, (vec![], 0), "{query}");
    }
    let swift = fixture.login("swift", "acme").await;
    assert_eq!(listed(&swift, "priority=hot&status=PENDING").await, (vec![], 0), "nothing was tendered");
});

on_both!(what_a_filter_does_not_take_is_refused_with_its_name, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    for (query, names) in [
        ("status=LOST", "status"),
        ("equipment=boat", "equipment"),
        ("carrier=me", "carrier"),
        ("pickup=soon", "pickup"),
        ("from=Illinois", "from"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("cursor=7", "cursor"),
        ("colour=red", "colour"),
    ] {
        let answer = maria.get(&format!("/loads?{query}")).await;
        answer.refused(400, "bad_request");
        assert!(answer.body["error"]["message"].as_str().unwrap().contains(names), "{query}: {}", answer.body);
    }
});

on_both!(an_export_holds_what_the_filter_finds, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    book_all(&fixture, &maria).await;
    let (found, _) = listed(&maria, "equipment=dry_van&carrier=none").await;
    let file = maria.text("/loads/export?equipment=dry_van&carrier=none").await;
    assert!(!found.is_empty());
    assert_eq!(file.lines().count(), found.len() + 1);
    assert!(found.iter().all(|number| file.contains(number.as_str())));
});

/// Names and values of a query, decoded.
fn decoded(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

on_both!(references_are_found_as_they_are_and_their_quotes_are_not_those_of_json, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    maria.book(&fixture.acme, json!({ "customer": "Éclair Foods", "references": ["PO 7", "r\\x", "q\"uote"] })).await;
    maria.book(&fixture.acme, json!({ "references": ["PO 8"] })).await;
    maria.book(&fixture.acme, json!({})).await;
    let found = async |text: &str| {
        let query: String = form_urlencoded(text);
        maria.get(&format!("/loads?q={query}")).await.body["page"]["total"].clone()
    };
    let expected =
        [("PO 7", 1), ("po 8", 1), ("r\\x", 1), ("q\"uote", 1), ("\"", 1), ("[", 0), (",\"", 0), ("Éclair", 1)];
    for (text, count) in expected {
        assert_eq!(found(text).await, count, "{text}");
    }
});

/// A value of a query string.
fn form_urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
