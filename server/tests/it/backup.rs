//! Backup and restore: what is in the file comes back whole, and nothing else changes.

use crate::{
    fixture::{Fixture, NOW, On, on_both},
    postgres,
};
use serde_json::{Value, json};
use server::{
    backup::{self, BackupError},
    clock::Clock,
    settings::Settings,
    store::{
        Database,
        database::{Place, PlaceError},
    },
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn clock() -> Clock {
    Clock::from_fn(|| NOW)
}

async fn back_up(settings: &Settings, folder: &TempDir) -> PathBuf {
    let file = folder.path().join("headhaul.backup");
    backup::back_up(settings, &file, &clock()).await.unwrap();
    file
}

/// Settings for another place, with nothing in it.
async fn elsewhere(on: On, folder: &Path) -> Settings {
    let mut settings = Settings::default();
    settings.server.data_dir = folder.join("elsewhere");
    settings.limits.logins_per_minute = 100;
    settings.database.url = match on {
        On::Sqlite => format!("sqlite://{}", folder.join("elsewhere/headhaul.db").display()),
        On::Postgres => postgres::new_database().await,
    };
    settings
}

/// A load with something of everything that is often written.
async fn busy_load(fixture: &Fixture) -> Value {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({ "instructions": "\"Call\" ahead,\n\u{1f69a} bay 7 \\ [x]" })).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    maria.patch(&path, &json!({ "driverId": fixture.acme.driver, "version": load["version"] })).await.data();
    let load = maria.get(&path).await.data().clone();
    let load = maria.bring_to(&load, "IN_TRANSIT").await;
    for minute in 0..3 {
        let position = json!({
            "loadId": load["id"], "lat": 41.123_456_789_012_34 + f64::from(minute) / 100.0, "lng": -87.1,
            "recordedAt": NOW.plus(-60_000 * i64::from(3 - minute)),
        });
        maria.post("/positions", &position).await.data();
    }
    maria.get(&path).await.data().clone()
}

async fn cursor(fixture: &Fixture) -> Value {
    fixture.login("maria", "acme").await.get("/events?namespace=/dispatch").await.body["cursor"].clone()
}

on_both!(what_was_backed_up_comes_back_and_what_came_later_does_not, |fixture: Fixture| async move {
    let folder = tempfile::tempdir().unwrap();
    let load = busy_load(&fixture).await;
    let token = fixture.login("sarah", "acme").await.token;
    let before = cursor(&fixture).await;
    let file = back_up(&fixture.settings, &folder).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "it holds the key");

    let later = fixture.login("maria", "acme").await.book(&fixture.acme, json!({})).await;
    fixture.services.database.close().await;
    let restored = backup::restore(&fixture.settings, &file, true, &clock()).await.unwrap();
    assert_eq!(restored.kept.len(), 1, "the database; the key is the same: {restored:?}");

    let fixture = fixture.restart().await;
    let sarah = fixture.with_token(token);
    let path = |load: &Value| format!("/loads/{}", load["id"].as_str().unwrap());
    assert_eq!(*sarah.get(&path(&load)).await.data(), load, "and a token from before is good");
    sarah.get(&path(&later)).await.refused(404, "not_found");
    let after = cursor(&fixture).await;
    assert_eq!(after["seq"], before["seq"]);
    assert_ne!(after["epoch"], before["epoch"], "nobody takes the one past for the other");
    let query = format!("epoch={}&after={}", before["epoch"].as_str().unwrap(), before["seq"]);
    let page = sarah.get(&format!("/events?namespace=/dispatch&{query}")).await.body;
    assert_eq!(page["recovered"], false);
    // It goes on from there.
    let next = fixture.login("maria", "acme").await.book(&fixture.acme, json!({})).await;
    assert_eq!(next["loadNumber"], later["loadNumber"]);
});

on_both!(a_backup_changes_nothing_and_may_be_made_while_the_server_runs, |fixture: Fixture| async move {
    let folder = tempfile::tempdir().unwrap();
    busy_load(&fixture).await;
    let before = cursor(&fixture).await;
    let file = back_up(&fixture.settings, &folder).await;
    let again = folder.path().join("again");
    backup::back_up(&fixture.settings, &again, &clock()).await.unwrap();
    // Only now: a login is noted in the audit trail.
    assert_eq!(cursor(&fixture).await, before);
    let footer = |file: &Path| fs::read_to_string(file).unwrap().lines().last().unwrap().to_owned();
    let tables = |file: &Path| serde_json::from_str::<Value>(&footer(file)).unwrap()["tables"].clone();
    assert_eq!(tables(&file), tables(&again));
    assert!(tables(&file)["positions"]["rows"].as_u64().unwrap() >= 3, "{}", footer(&file));
    let refused = backup::back_up(&fixture.settings, &file, &clock()).await.unwrap_err();
    assert!(matches!(refused, BackupError::TargetExists(_)), "{refused}");
});

#[tokio::test]
async fn a_database_moves_from_sqlite_to_postgres_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::build(On::Sqlite).await;
    let load = busy_load(&fixture).await;
    let token = fixture.login("sarah", "acme").await.token;
    for (on, name) in [(On::Postgres, "first"), (On::Sqlite, "second")] {
        let file = folder.path().join(name);
        let made = backup::back_up(&fixture.settings, &file, &clock()).await.unwrap();
        // Inside of the other, which goes with the test.
        let there = tempfile::tempdir_in(folder.path()).unwrap().keep();
        let settings = elsewhere(on, &there).await;
        let restored = backup::restore(&settings, &file, false, &clock()).await.unwrap();
        assert_eq!((restored.kept, restored.rows), (Vec::new(), made.rows), "nothing was there");
        fixture = fixture.move_to(settings).await;
        let path = format!("/loads/{}", load["id"].as_str().unwrap());
        assert_eq!(*fixture.with_token(token.clone()).get(&path).await.data(), load);
    }
}

on_both!(a_restore_refuses_what_would_lose_something, |fixture: Fixture| async move {
    let folder = tempfile::tempdir().unwrap();
    let load = busy_load(&fixture).await;
    let file = back_up(&fixture.settings, &folder).await;
    let refused = async |replace| backup::restore(&fixture.settings, &file, replace, &clock()).await.unwrap_err();
    // The server runs.
    let in_use = refused(true).await;
    assert!(matches!(in_use, BackupError::Place(PlaceError::InUse)), "{in_use}");
    fixture.services.database.close().await;
    let not_empty = refused(false).await;
    assert_eq!(
        not_empty.to_string(),
        "the database is not empty (tenants: 2); --replace restores all the same, and keeps it beside"
    );
    let fixture = fixture.restart().await;
    let maria = fixture.login("maria", "acme").await;
    assert_eq!(*maria.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.data(), load);
});

#[tokio::test]
async fn a_file_that_is_damaged_cut_short_or_something_else_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = Fixture::build(On::Sqlite).await;
    let whole = fs::read_to_string(back_up(&fixture.settings, &folder).await).unwrap();
    let settings = elsewhere(On::Sqlite, folder.path()).await;
    let try_it = async |text: &str| {
        let file = folder.path().join("bad");
        fs::write(&file, text).unwrap();
        backup::restore(&settings, &file, false, &clock()).await.unwrap_err().to_string()
    };
    assert!(try_it(&whole.replace("Swift River", "Swift Rover")).await.contains("its checksum is another"));
    let cut = &whole[..whole.trim_end().rfind('\n').unwrap() + 1];
    assert!(try_it(cut).await.contains("its end is missing"));
    assert!(try_it("PGDMP").await.contains("is not a backup of Headhaul"));
    assert!(!settings.server.data_dir.exists(), "nothing was made");
    // Right in itself, and not what its end says.
    let (body, footer) = cut_footer(&whole);
    let other = body.replace("Swift River", "Swift Rover");
    let said = try_it(&sealed(&other, footer)).await;
    assert_eq!(said, "table carriers was not restored as it was backed up; the database is as it was");
    let left: Vec<_> = fs::read_dir(&settings.server.data_dir).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_backup_of_a_newer_program_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = Fixture::build(On::Sqlite).await;
    let whole = fs::read_to_string(back_up(&fixture.settings, &folder).await).unwrap();
    let newest = Database::newest_version();
    let (body, footer) = cut_footer(&whole);
    let newer = body
        .replacen(&format!("\"migration\":{newest}"), &format!("\"migration\":{}", newest + 1), 1)
        .replacen(&format!("\"program\":\"{}\"", env!("CARGO_PKG_VERSION")), "\"program\":\"9.1.0\"", 1);
    let file = folder.path().join("newer");
    fs::write(&file, sealed(&newer, footer)).unwrap();
    let settings = elsewhere(On::Sqlite, folder.path()).await;
    let refused = backup::restore(&settings, &file, false, &clock()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "the backup is newer than this program: its tables are of version {}, this program's of {newest}; restore it \
             with Headhaul 9.1.0 or newer",
            newest + 1
        )
    );
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_brought_up_to_date_and_making_it_is_not() {
    for on in [On::Sqlite, On::Postgres] {
        let folder = tempfile::tempdir().unwrap();
        let old = elsewhere(on, folder.path()).await;
        let mut place = Place::hold(&old.database.url).await.unwrap();
        let database = place.scratch().await.unwrap();
        database.migrate_to(6).await.unwrap();
        let mut tx = database.begin_write().await.unwrap();
        sqlx::query(
            "INSERT INTO tenants (id, slug, name) VALUES ('7b8bd7a5-6f6f-4d7c-9d0c-6c2f3e9c3a10', 'acme', 'Acme')",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        place.exchange(database, "then", false).await.unwrap();

        let file = folder.path().join("old.backup");
        for _ in 0..2 {
            let _ = fs::remove_file(&file);
            let made = backup::back_up(&old, &file, &clock()).await.unwrap();
            assert_eq!((made.header.migration, made.rows, made.header.key), (6, 1, None), "{on:?}");
        }
        let new_folder = tempfile::tempdir().unwrap();
        let new = elsewhere(on, new_folder.path()).await;
        backup::restore(&new, &file, false, &clock()).await.unwrap();
        let database = Database::open_read_only(&new.database.url).await.unwrap();
        let mut tx = database.begin_snapshot().await.unwrap();
        let version = server::store::backup::version(&mut tx, database.dialect()).await.unwrap();
        assert_eq!(version, Some(Database::newest_version()));
        let tenant = server::store::tenants::find_by_slug(&mut tx, "acme").await.unwrap();
        assert_eq!(tenant.unwrap().name, "Acme");
    }
}

#[tokio::test]
async fn where_there_is_no_database_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let settings = elsewhere(On::Sqlite, folder.path()).await;
    let refused = backup::back_up(&settings, &folder.path().join("file"), &clock()).await.unwrap_err();
    assert!(matches!(refused, BackupError::NoDatabase(_)), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// All but the last line, and the last.
fn cut_footer(whole: &str) -> (&str, &str) {
    whole.trim_end().rsplit_once('\n').unwrap()
}

/// A body with the footer of another, as if it had been written so.
fn sealed(body: &str, footer: &str) -> String {
    let mut footer: Value = serde_json::from_str(footer).unwrap();
    let hash = Sha256::digest(format!("{body}\n").as_bytes());
    footer["sha256"] = hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    format!("{body}\n{footer}\n")
}
