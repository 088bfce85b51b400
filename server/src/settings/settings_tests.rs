//! What the settings take, and what they say of a mistake.

use super::*;
/// Reads settings from the text of a file and some variables.
fn load_with(file: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(DEFAULT_FILE);
    std::fs::write(&path, file).unwrap();
    Settings::read(&path, Environment::of(variables)).map_err(|error| error.to_string())
}

#[test]
fn the_shipped_file_says_the_defaults() {
    let shipped = include_str!("../../../Leptos.toml");
    let from_file = load_with(shipped, &[]).unwrap();
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    assert_eq!(serde_json::to_value(from_file).unwrap(), defaults);
    for (section, keys) in defaults.as_object().unwrap() {
        assert!(shipped.contains(&format!("\n[{section}]\n")), "[{section}] is not in the file");
        for key in keys.as_object().unwrap().keys() {
            assert!(shipped.contains(&format!("\n{key} = ")), "{section}.{key} is not in the file");
        }
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let settings = load_with(
        "[server]\naddr = \"127.0.0.1:4000\"\n",
        &[
            ("HEADHAUL_SERVER__ADDR", "127.0.0.1:5000"),
            ("HEADHAUL_SERVER__DATA_DIR", "elsewhere"),
            ("HEADHAUL_SERVER__ALLOWED_ORIGINS", "https://a.example, https://b.example"),
            ("HEADHAUL_TRADE__TENDER_WINDOW", "90s"),
            ("HEADHAUL_DEMO__PASSWORD", "0123"),
            ("HEADHAUL_BIN", "not a setting"),
        ],
    )
    .unwrap();
    assert_eq!(settings.demo.password, "0123");
    assert_eq!(settings.server.allowed_origins, ["https://a.example", "https://b.example"]);
    assert_eq!(settings.server.addr.port(), 5000);
    assert_eq!(settings.server.data_dir, PathBuf::from("elsewhere"));
    assert_eq!(settings.trade.tender_window, Span::seconds(90));
}

#[test]
fn a_mistake_names_the_source_the_key_and_what_it_takes() {
    for (file, variable, expected) in [
        ("[server]\nport = 1\n", None, vec!["Leptos.toml", "server", "unknown field", "port"]),
        ("[servre]\naddr = 1\n", None, vec!["Leptos.toml", "unknown field", "servre", "expected"]),
        ("[server]\naddr = \"here\"\n", None, vec!["Leptos.toml", "server.addr", "here"]),
        ("[auth]\ntoken_ttl = \"12\"\n", None, vec!["Leptos.toml", "auth.token_ttl", "such as 500ms"]),
        ("", Some(("HEADHAUL_DEMO__LOADS", "many")), vec!["HEADHAUL_DEMO__LOADS", "demo.loads", "many"]),
        ("", Some(("HEADHAUL_DEMO__SIZE", "1")), vec!["demo", "unknown field", "size"]),
        ("", Some(("HEADHAUL_DATABASE__URL", "mysql://x")), vec!["database.url", "takes sqlite://"]),
        ("", Some(("HEADHAUL_REALTIME__STATE_INTERVAL", "0s")), vec!["realtime.state_interval", "more than nothing"]),
        ("", Some(("HEADHAUL_REALTIME__REDIS_URL", "localhost:6379")), vec!["realtime.redis_url", "redis[s]://"]),
        (
            "",
            Some(("HEADHAUL_REALTIME__REDIS_URL", "redis://u:p@cache:6379/1")),
            vec!["realtime.redis_url", "rediss://"],
        ),
        ("", Some(("HEADHAUL_REALTIME__REDIS_URL", "redis://[2001:db8::1]")), vec!["realtime.redis_url", "rediss://"]),
        ("", Some(("HEADHAUL_LIMITS__COMMAND_BURST", "0")), vec!["limits.command_burst", "1 or more"]),
        ("", Some(("HEADHAUL_LIMITS__CONNECTIONS", "0")), vec!["limits.connections", "1 or more"]),
        ("", Some(("HEADHAUL_LIMITS__HEADER_TIMEOUT", "0s")), vec!["limits.header_timeout", "more than nothing"]),
        ("", Some(("HEADHAUL_SERVER__TRUSTED_PROXIES", "10.0.0.1,proxy")), vec!["server.trusted_proxies", "\"proxy\""]),
        ("", Some(("HEADHAUL_SERVER__PUBLIC_URL", "freight.example")), vec!["server.public_url", "http(s)://"]),
    ] {
        let error = load_with(file, variable.as_slice()).unwrap_err();
        for part in expected {
            assert!(error.contains(part), "{error:?} lacks {part:?}");
        }
    }
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let error = Settings::load(Some(Path::new("nowhere.toml"))).unwrap_err();
    assert_eq!(error.to_string(), "nowhere.toml: there is no such file");
}

#[test]
fn redis_is_spoken_to_in_the_clear_on_this_machine_alone_unless_that_is_allowed() {
    let judge = |url: &str, allowed: bool| {
        let mut settings = Settings::default();
        (settings.realtime.redis_url, settings.realtime.redis_allow_plaintext) = (url.into(), allowed);
        settings.check().is_ok()
    };
    for url in
        ["redis://127.0.0.1:6379", "redis://u:p@[::1]:1/2", "redis://localhost", "rediss://cache", "rediss://u:p@h/1"]
    {
        assert!(judge(url, false), "{url}");
    }
    for url in ["redis://cache", "redis://localhost@cache:1", "redis://10.0.0.7/0", "redis://[2001:db8::1]:6379"] {
        assert!(!judge(url, false), "{url}");
        assert!(judge(url, true), "{url}");
    }
}
