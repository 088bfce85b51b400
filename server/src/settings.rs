//! Settings: `Leptos.toml`, overridden by `HEADHAUL_<SECTION>__<KEY>`. Anything unknown or unreadable stops the start.

mod environment;
pub mod peer;
mod span;

pub use span::Span;

use crate::client_address::TrustedProxies;
use environment::Environment;
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// What is wrong with the settings: where, which key, and what it takes.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{source_name}: {key}: {problem}")]
    Value { source_name: String, key: String, problem: String },
    #[error("{0}: there is no such file")]
    NoFile(PathBuf),
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub site: Site,
    pub database: Database,
    pub auth: Auth,
    pub realtime: Realtime,
    pub trade: Trade,
    pub tracking: Tracking,
    pub limits: Limits,
    pub demo: Demo,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    #[serde(deserialize_with = "address")]
    pub addr: SocketAddr,
    pub data_dir: PathBuf,
    pub public_url: String,
    pub allowed_origins: Vec<String>,
    pub trusted_proxies: Vec<String>,
    pub proxy_protocol: bool,
    pub drain: Span,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub root: PathBuf,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub statement_timeout: Span,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub token_ttl: Span,
    pub expiry_warning: Span,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Realtime {
    pub state_interval: Span,
    pub replay_cap: u32,
    pub presence_grace: Span,
    pub redis_url: String,
    pub redis_ca: PathBuf,
    pub redis_allow_plaintext: bool,
    pub takeover_wait: Span,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    pub tender_window: Span,
    pub check_call_interval: Span,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    pub stale_after: Span,
    pub arrive_dwell: Span,
    pub depart_dwell: Span,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub body_bytes: usize,
    pub message_bytes: usize,
    pub rooms_per_socket: usize,
    pub commands_per_second: u32,
    pub command_burst: u32,
    pub queued_commands: usize,
    pub connects_per_user: u32,
    pub sockets_per_user: usize,
    pub connects_per_address: u32,
    pub slow_reader: Span,
    pub connections: usize,
    pub connections_per_address: usize,
    pub header_timeout: Span,
    pub body_timeout: Span,
    pub idle_timeout: Span,
    pub request_timeout: Span,
    pub logins_per_minute: u32,
    pub waiting_logins: usize,
    pub requests_per_second: u32,
    pub request_burst: u32,
    pub requests_at_once: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub seed: u64,
    pub loads: usize,
    pub trucks: usize,
    pub speedup: u32,
    pub simulate: bool,
    pub password: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
            data_dir: "data".into(),
            public_url: String::new(),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            proxy_protocol: false,
            drain: Span::seconds(3),
        }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self { root: "target/site".into() }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite://data/headhaul.db".into(), statement_timeout: Span::seconds(10) }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self { token_ttl: Span::hours(12), expiry_warning: Span::seconds(60) }
    }
}

impl Default for Realtime {
    fn default() -> Self {
        Self {
            state_interval: Span::seconds(15),
            replay_cap: 1_000,
            presence_grace: Span::seconds(5),
            redis_url: String::new(),
            redis_ca: PathBuf::new(),
            redis_allow_plaintext: false,
            takeover_wait: Span::seconds(30),
        }
    }
}

impl Default for Trade {
    fn default() -> Self {
        Self { tender_window: Span::minutes(30), check_call_interval: Span::hours(4) }
    }
}

impl Default for Tracking {
    fn default() -> Self {
        Self { stale_after: Span::minutes(30), arrive_dwell: Span::minutes(2), depart_dwell: Span::minutes(3) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 4 << 20,
            message_bytes: 64 << 10,
            rooms_per_socket: 200,
            commands_per_second: 50,
            command_burst: 100,
            queued_commands: 200,
            connects_per_user: 5,
            sockets_per_user: 100,
            connects_per_address: 20,
            slow_reader: Span::seconds(10),
            connections: 20_000,
            connections_per_address: 1_000,
            header_timeout: Span::seconds(10),
            body_timeout: Span::seconds(30),
            idle_timeout: Span::seconds(75),
            request_timeout: Span::seconds(30),
            logins_per_minute: 10,
            waiting_logins: 50,
            requests_per_second: 200,
            request_burst: 2_000,
            requests_at_once: 64,
        }
    }
}

impl Default for Demo {
    fn default() -> Self {
        Self { seed: 1, loads: 250, trucks: 120, speedup: 60, simulate: true, password: String::new() }
    }
}

/// The file that is read when none is named, if it is there.
pub const DEFAULT_FILE: &str = "Leptos.toml";

impl Settings {
    /// Reads the defaults, then the file, then the environment.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        if let Some(file) = file.filter(|file| !file.is_file()) {
            return Err(SettingsError::NoFile(file.to_owned()));
        }
        Self::read(file.unwrap_or(Path::new(DEFAULT_FILE)), Environment::of_process())
    }

    fn read(file: &Path, environment: Environment) -> Result<Self, SettingsError> {
        let settings: Settings = Figment::from(Serialized::defaults(Settings::default()))
            .merge(Toml::file(file))
            .merge(environment)
            .extract()
            .map_err(|error| explain(&error))?;
        settings.check()?;
        Ok(settings)
    }

    /// What no type can say of a single value.
    fn check(&self) -> Result<(), SettingsError> {
        let refuse = |key: &str, problem: &str| {
            Err(SettingsError::Value { source_name: "settings".into(), key: key.into(), problem: problem.into() })
        };
        let is_database = ["sqlite:", "postgres:", "postgresql:"].iter().any(|s| self.database.url.starts_with(s));
        if !is_database {
            return refuse("database.url", "takes sqlite://… or postgres://…");
        }
        let redis = &self.realtime.redis_url;
        let is_redis = redis.is_empty() || redis.starts_with("redis://") || redis.starts_with("rediss://");
        if !is_redis {
            return refuse("realtime.redis_url", "takes redis[s]://[user:password@]host[:port][/number], or nothing");
        }
        let in_the_clear = redis.starts_with("redis://") && peer::must_be_encrypted(host_of(redis));
        if in_the_clear && !self.realtime.redis_allow_plaintext {
            return refuse(
                "realtime.redis_url",
                "takes rediss://… for a Redis on another machine; realtime.redis_allow_plaintext sends all in the clear",
            );
        }
        let rates = [
            ("limits.commands_per_second", self.limits.commands_per_second),
            ("limits.command_burst", self.limits.command_burst),
            ("limits.connects_per_user", self.limits.connects_per_user),
            ("limits.connects_per_address", self.limits.connects_per_address),
            ("limits.requests_per_second", self.limits.requests_per_second),
            ("limits.request_burst", self.limits.request_burst),
        ];
        if let Some((key, _)) = rates.into_iter().find(|(_, rate)| *rate == 0) {
            return refuse(key, "takes 1 or more");
        }
        let counts = [
            ("limits.connections", self.limits.connections),
            ("limits.connections_per_address", self.limits.connections_per_address),
        ];
        if let Some((key, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return refuse(key, "takes 1 or more");
        }
        if let Err(proxy) = TrustedProxies::read(&self.server.trusted_proxies) {
            let problem =
                format!("takes addresses and networks such as 10.0.0.7 and fd00::/8, and {proxy:?} is neither");
            return refuse("server.trusted_proxies", &problem);
        }
        let spans = [
            ("auth.token_ttl", self.auth.token_ttl),
            ("realtime.state_interval", self.realtime.state_interval),
            ("trade.tender_window", self.trade.tender_window),
            ("limits.slow_reader", self.limits.slow_reader),
            ("limits.header_timeout", self.limits.header_timeout),
            ("limits.body_timeout", self.limits.body_timeout),
            ("limits.idle_timeout", self.limits.idle_timeout),
            ("limits.request_timeout", self.limits.request_timeout),
            ("database.statement_timeout", self.database.statement_timeout),
        ];
        if let Some((key, _)) = spans.into_iter().find(|(_, span)| span.0.is_zero()) {
            return refuse(key, "takes more than nothing");
        }
        for origin in self.server.allowed_origins.iter().chain(Some(&self.server.public_url).filter(|u| !u.is_empty()))
        {
            let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if rest.is_none_or(|host| host.is_empty() || host.trim_end_matches('/').contains('/')) {
                return refuse(
                    "server.allowed_origins, server.public_url",
                    "take http(s)://host[:port] without a path",
                );
            }
        }
        Ok(())
    }
}

/// The host of a URL, which may be in brackets.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.find(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    let problem = || D::Error::custom(format!("{text:?} is not an address and port such as 127.0.0.1:3000"));
    text.parse().map_err(|_| problem())
}

/// Figment's first error in the contract's form: the file or variable, the key, and what it takes.
fn explain(error: &figment::Error) -> SettingsError {
    let key = error.path.join(".");
    let source_name = match error.metadata.as_ref() {
        Some(metadata) => match &metadata.source {
            Some(figment::Source::File(path)) => {
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
            }
            _ if metadata.name.contains("environment") => {
                format!("HEADHAUL_{}", key.replace('.', "__").to_uppercase())
            }
            _ => metadata.name.to_string(),
        },
        None => "settings".into(),
    };
    SettingsError::Value { source_name, key, problem: error.kind.to_string() }
}

#[cfg(test)]
#[path = "settings/settings_tests.rs"]
mod tests;
