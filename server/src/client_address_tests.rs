//! Who the client is taken for, behind proxies and without.

use super::*;

fn proxies() -> TrustedProxies {
    TrustedProxies::read(&["10.0.0.0/8".into(), "fd00::/8".into(), "192.0.2.1".into()]).unwrap()
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
}

#[track_caller]
fn client(sender: &str, pairs: &[(&'static str, &'static str)]) -> (String, Option<String>) {
    let mut headers = headers(pairs);
    let ClientAddress(address) = proxies().settle(sender.parse().unwrap(), &mut headers);
    assert!(!headers.contains_key("x-forwarded-for"));
    (address.to_string(), headers.get("x-forwarded-proto").map(|proto| proto.to_str().unwrap().to_owned()))
}

#[test]
fn what_an_untrusted_peer_says_of_itself_is_ignored_and_taken_out() {
    let forged = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https")];
    assert_eq!(client("198.51.100.7", &forged), ("198.51.100.7".into(), None));
    assert_eq!(client("::ffff:198.51.100.7", &forged), ("198.51.100.7".into(), None));
}

#[test]
fn the_list_is_read_from_its_end_past_the_trusted_and_no_further() {
    for (list, expected) in [
        ("203.0.113.9", "203.0.113.9"),
        // The client wrote the first itself.
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9, 10.1.1.1, 192.0.2.1", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        // A client within the network of the proxies.
        ("10.3.3.3, 10.2.2.2", "10.3.3.3"),
        // The last that was known before what can't be read.
        ("203.0.113.9, unknown, 10.2.2.2", "10.2.2.2"),
        ("", "10.0.0.1"),
    ] {
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", list)]).0, expected, "{list:?}");
    }
    assert_eq!(client("10.0.0.1", &[]).0, "10.0.0.1");
    let twice = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "203.0.113.9")];
    assert_eq!(client("fd00::1", &twice).0, "203.0.113.9", "several headers are one list");
}

#[test]
fn the_scheme_is_that_of_the_client_and_nothing_else() {
    for (list, protos, expected) in [
        ("203.0.113.9", "https", Some("https")),
        ("203.0.113.9", "HTTP", Some("http")),
        ("203.0.113.9, 10.1.1.1", "https", Some("https")),
        ("203.0.113.9, 10.1.1.1", "https, http", Some("https")),
        // The first was written by the client.
        ("203.0.113.9", "https, http", Some("http")),
        ("203.0.113.9", "gopher", None),
    ] {
        let found = client("10.0.0.1", &[("x-forwarded-for", list), ("x-forwarded-proto", protos)]).1;
        assert_eq!(found.as_deref(), expected, "{list:?} {protos:?}");
    }
}

#[test]
fn a_subscriber_of_ipv6_counts_as_one_whatever_addresses_they_choose() {
    let network = |text: &str| ClientAddress(text.parse().unwrap()).network();
    assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"));
    assert_ne!(network("203.0.113.9"), network("203.0.113.8"));
}

#[test]
fn proxies_are_addresses_or_networks() {
    assert_eq!(TrustedProxies::read(&["10.0.0.1".into(), "proxy.example".into()]).unwrap_err(), "proxy.example");
    assert!(!TrustedProxies::default().trusts(IpAddr::from([127, 0, 0, 1])));
}
