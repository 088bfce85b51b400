//! Views of the board that persons save for themselves.

use super::{Caller, ServiceError, Services, text};
use crate::store::{Constraint, StoreError, presets};
use app::{
    api::{
        Page, PageInfo,
        presets::{MOST_PRESETS, NAME_CHARS, Preset, PresetPatch, QUERY_CHARS, SavePreset},
    },
    domain::id::{PresetId, UserId},
};
use uuid::Uuid;

impl Services {
    /// The caller's presets, the oldest first.
    pub async fn presets(&self, caller: &Caller) -> Result<Page<Preset>, ServiceError> {
        let data = presets::list(&self.database, own(caller)?).await?;
        let total = data.len() as i64;
        Ok(Page { data, page: PageInfo { next: None, total } })
    }

    /// Saves a view under a name that the caller does not use yet.
    pub async fn save_preset(&self, caller: &Caller, request: SavePreset) -> Result<Preset, ServiceError> {
        let me = own(caller)?;
        let (name, query) = (check_name(&request.name)?, check_query(&request.query)?);
        let mut change = self.begin(caller).await?;
        presets::lock(&mut change.tx, me).await?;
        change.read_clock();
        if presets::count(&mut change.tx, me).await? >= MOST_PRESETS as i64 {
            let message =
                format!("You have {MOST_PRESETS} saved views, and there is no room for more. Delete one first.");
            return Err(ServiceError::rule("too_many_presets", message));
        }
        let preset = Preset { id: PresetId(Uuid::now_v7()), name, query, created_at: change.now };
        presets::insert(&mut change.tx, me, &preset).await.map_err(|error| refused(error, &preset.name))?;
        change.commit().await?;
        Ok(preset)
    }

    /// Renames a preset of the caller, or puts another view in its place.
    pub async fn patch_preset(
        &self,
        caller: &Caller,
        preset: PresetId,
        patch: PresetPatch,
    ) -> Result<Preset, ServiceError> {
        let me = own(caller)?;
        let name = patch.name.as_deref().map(check_name).transpose()?;
        let query = patch.query.as_deref().map(check_query).transpose()?;
        let mut change = self.begin(caller).await?;
        presets::lock(&mut change.tx, me).await?;
        change.read_clock();
        let before = presets::find(&mut change.tx, me, preset).await?.ok_or(MISSING)?;
        let after = Preset { name: name.unwrap_or(before.name), query: query.unwrap_or(before.query), ..before };
        presets::update(&mut change.tx, me, &after).await.map_err(|error| refused(error, &after.name))?;
        change.commit().await?;
        Ok(after)
    }

    pub async fn delete_preset(&self, caller: &Caller, preset: PresetId) -> Result<(), ServiceError> {
        let me = own(caller)?;
        let mut change = self.begin(caller).await?;
        if !presets::delete(&mut change.tx, me, preset).await? {
            return Err(MISSING);
        }
        change.commit().await?;
        Ok(())
    }
}

const MISSING: ServiceError = ServiceError::NotFound("preset");

/// Only persons have presets.
fn own(caller: &Caller) -> Result<UserId, ServiceError> {
    caller.person.as_ref().map(|person| person.id).ok_or(MISSING)
}

fn check_name(name: &str) -> Result<String, ServiceError> {
    text::line("name", name, NAME_CHARS)
}

/// What stands in an address after the question mark. What the board does not know of it, it passes over.
fn check_query(query: &str) -> Result<String, ServiceError> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let is_query = !query.contains(|c: char| c.is_control() || c.is_whitespace() || c == '#');
    if is_query && query.chars().count() <= QUERY_CHARS {
        Ok(query.to_owned())
    } else {
        let takes = format_args!("takes the query of an address, of at most {QUERY_CHARS} characters");
        Err(ServiceError::field("query", takes))
    }
}

fn refused(error: StoreError, name: &str) -> ServiceError {
    match error.constraint() {
        Some(Constraint::PresetName) => {
            ServiceError::taken("name", format!("You have a view named “{name}” already. Choose another name."))
        }
        _ => error.into(),
    }
}
