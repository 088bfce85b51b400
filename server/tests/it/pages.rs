//! What a browser gets that runs no program yet: redirects, the two forms, and the headers of a page.

use crate::fixture::{Answer, Fixture, On, PASSWORD};
use axum::body::Body;
use http::{Request, header};

async fn open(fixture: &Fixture, path: &str, token: Option<&str>) -> Answer {
    let cookie = token.map(|token| format!("auth_token={token}")).unwrap_or_default();
    fixture.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

async fn post_form(fixture: &Fixture, path: &str, form: String, headers: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    fixture.send(request.body(Body::from(form)).unwrap()).await
}

fn header_of<'a>(answer: &'a Answer, name: &header::HeaderName) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_led_to_the_login_and_back() {
    let fixture = Fixture::build(On::Sqlite).await;
    let answer = open(&fixture, "/dispatch?q=a b".replace(' ', "%20").as_str(), None).await;
    assert_eq!(answer.status, 303);
    assert_eq!(header_of(&answer, &header::LOCATION), "/login?next=/dispatch%3Fq%3Da%2520b");

    let form = format!("email=maria%40acme.test&password={}&next=%2Fdispatch%3Fq%3Da", PASSWORD.replace(' ', "+"));
    let answer = post_form(&fixture, "/login", form, &[]).await;
    assert_eq!((answer.status.as_u16(), header_of(&answer, &header::LOCATION)), (303, "/dispatch?q=a"));
    assert!(header_of(&answer, &header::SET_COOKIE).starts_with("auth_token="));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_leads_to_no_other_site_and_takes_no_foreign_form() {
    let fixture = Fixture::build(On::Sqlite).await;
    let form = |next: &str| format!("email=maria%40acme.test&password={}&next={next}", PASSWORD.replace(' ', "+"));
    let answer = post_form(&fixture, "/login", form("%2F%2Fevil.example"), &[]).await;
    assert_eq!(header_of(&answer, &header::LOCATION), "/dispatch");

    let foreign = [(header::HOST, "127.0.0.1:3000"), (header::ORIGIN, "https://evil.example")];
    let answer = post_form(&fixture, "/login", form(""), &foreign).await;
    assert!(header_of(&answer, &header::LOCATION).starts_with("/login?error=forbidden_origin"));
    assert_eq!(header_of(&answer, &header::SET_COOKIE), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_leads_back_to_the_form_with_the_address() {
    let fixture = Fixture::build(On::Sqlite).await;
    let answer =
        post_form(&fixture, "/login", "email=maria%40acme.test&password=wrong&next=/dispatch".into(), &[]).await;
    assert_eq!(header_of(&answer, &header::LOCATION), "/login?error=bad_login&email=maria%40acme.test&next=/dispatch");
    assert_eq!(header_of(&answer, &header::SET_COOKIE), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_not_kept_by_the_browser_and_runs_only_its_own_scripts() {
    let fixture = Fixture::build(On::Sqlite).await;
    let token = fixture.login("maria", "acme").await.token;
    let answer = open(&fixture, "/dispatch", Some(&token)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(header_of(&answer, &header::CACHE_CONTROL), "no-store");
    let policy = header_of(&answer, &header::CONTENT_SECURITY_POLICY);
    assert!(policy.contains("script-src 'strict-dynamic' 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_the_restored_database_does_not_know_leads_to_the_login_page() {
    let mut fixture = Fixture::build(On::Sqlite).await;
    let token = fixture.login("maria", "acme").await.token;
    assert_eq!(open(&fixture, "/login", Some(&token)).await.status, 303);
    let before = fixture.settings.server.data_dir.join("before.db");
    fixture.settings.database.url = format!("sqlite://{}", before.display());
    let fixture = fixture.restart().await;
    let answer = open(&fixture, "/dispatch", Some(&token)).await;
    assert_eq!((answer.status.as_u16(), header_of(&answer, &header::LOCATION)), (303, "/login?next=/dispatch"));
    assert_eq!(open(&fixture, "/login", Some(&token)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logout_form_makes_the_token_worthless_and_clears_the_cookie() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let cookie = format!("auth_token={}", maria.token);
    let answer = post_form(&fixture, "/logout", String::new(), &[(header::COOKIE, &cookie)]).await;
    assert_eq!((answer.status.as_u16(), header_of(&answer, &header::LOCATION)), (303, "/login"));
    assert!(header_of(&answer, &header::SET_COOKIE).contains("Max-Age=0"));
    maria.get("/auth/me").await.refused(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("robots.txt"), "Nobody.").unwrap();
    let root = site.path().to_owned();
    let fixture = Fixture::with_settings(On::Sqlite, |settings| settings.site.root = root).await;
    let ask = async |since: Option<&str>| {
        let request = Request::get("/robots.txt").header(header::IF_MODIFIED_SINCE, since.unwrap_or_default());
        fixture.send(request.body(Body::empty()).unwrap()).await
    };
    let first = ask(None).await;
    assert_eq!((first.status.as_u16(), header_of(&first, &header::CACHE_CONTROL)), (200, "no-cache"));
    let again = ask(Some(header_of(&first, &header::LAST_MODIFIED))).await;
    assert_eq!((again.status.as_u16(), header_of(&again, &header::CACHE_CONTROL)), (304, "no-cache"));
    assert_eq!(header_of(&again, &header::CONTENT_TYPE), "");
    assert_eq!(ask(Some("Thu, 01 Jan 1970 00:00:00 GMT")).await.status, 200, "another file may have been there");
}
