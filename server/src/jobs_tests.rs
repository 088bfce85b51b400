//! Clocks that fail: each comes back, and none holds up another.

use super::*;
use crate::{clock::Clock, serve::Assembly, settings::Settings};
use app::domain::time::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

/// A server whose clock can be made to panic.
async fn services(folder: &std::path::Path) -> (Services, Arc<AtomicBool>) {
    let mut settings = Settings::default();
    settings.server.data_dir = folder.join("data");
    settings.database.url = format!("sqlite://{}", folder.join("t.db").display());
    let is_broken = Arc::new(AtomicBool::new(false));
    let broken = is_broken.clone();
    let clock = Clock::from_fn(move || {
        assert!(!broken.load(SeqCst), "by a test");
        Timestamp::from_millis(1_795_269_900_000)
    });
    (Assembly::build(&settings, clock).await.unwrap().services, is_broken)
}

async fn wait_until(reached: impl Fn() -> bool) {
    let waiting = async {
        while !reached() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_panics_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (services, is_broken) = services(folder.path()).await;
    is_broken.store(true, SeqCst);
    let stop = CancellationToken::new();
    start(&services, &stop);
    for name in ["tender_expiry", "answer_expiry", "import_expiry"] {
        wait_until(|| services.supervisor.failing().contains_key(name)).await;
    }
    is_broken.store(false, SeqCst);
    wait_until(|| !services.supervisor.failing().values().any(|state| *state == "restarting")).await;
    stop.cancel();
}

#[tokio::test]
async fn one_that_panics_or_never_ends_holds_up_no_other() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let folder = tempfile::tempdir().unwrap();
    let (services, _) = services(folder.path()).await;
    let stop = CancellationToken::new();
    let every = |name, job| run_every(&services, &stop, Duration::from_millis(1), name, job);
    every("panics", |_| {
        Box::pin(async {
            PANICS.fetch_add(1, SeqCst);
            panic!("by a test")
        })
    });
    every("hangs", |_| Box::pin(std::future::pending()));
    every("runs", |_| Box::pin(async { RUNS.store(RUNS.load(SeqCst) + 1, SeqCst) }));
    wait_until(|| PANICS.load(SeqCst) >= 2 && RUNS.load(SeqCst) >= 10).await;
    stop.cancel();
}
