//! `HEADHAUL_<SECTION>__<KEY>` as a source of settings.

use super::Settings;
use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

/// Reads the variables whose name has a section; `HEADHAUL_BIN`, say, is none of ours.
///
/// The default of a setting tells how its variable is read: text stays text, so that a password of digits is not
/// taken for a number; a list may be written with commas.
pub struct Environment(Vec<(String, String)>);

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        let readable = |(name, text): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, text.to_string_lossy().into_owned()))
        };
        Self(std::env::vars_os().filter_map(readable).collect())
    }

    /// Given variables, for tests.
    #[cfg(test)]
    pub fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect())
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
        let mut sections = Dict::new();
        for (name, text) in self.0.iter().cloned() {
            let Some((section, key)) = name.strip_prefix("HEADHAUL_").and_then(|name| name.split_once("__")) else {
                continue;
            };
            let (section, key) = (section.to_lowercase(), key.to_lowercase());
            let value = match &defaults[&section][&key] {
                serde_json::Value::String(_) => Value::from(text),
                serde_json::Value::Array(_) if !text.starts_with('[') => {
                    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                    Value::from(items.map(String::from).collect::<Vec<_>>())
                }
                _ => text.parse().unwrap_or_else(|never| match never {}),
            };
            let entry = sections.entry(section).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, keys) = entry {
                keys.insert(key, value);
            }
        }
        Ok(Map::from([(Profile::Default, sections)]))
    }
}
