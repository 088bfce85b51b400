//! The queue of positions, and the one task that stores them: what comes within a few milliseconds shares one commit.

use super::{
    super::{Caller, Retries, ServiceError},
    PositionFrames, group,
    quota::{Held, Places},
};
use crate::{
    clock::Clock,
    metrics::INGEST_LAG,
    relay::{NodeMessage, Relay},
    store::{Database, StoreError, positions::Position},
    supervise::{Ended, Supervisor},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time,
};

/// Positions that may wait to be stored. At a thousand a second they are a few seconds' worth; more would only be late.
const ROOM: usize = 10_000;
/// How long the first of a group waits for others. Much shorter than the commit itself.
const GATHER: Duration = Duration::from_millis(3);
/// A group that has grown to this is stored without waiting longer.
const GROUP: usize = 500;

/// Positions that one caller reports at once.
pub struct Report {
    pub caller: Caller,
    pub positions: Vec<Position>,
}

/// Takes positions to the task that stores them.
#[derive(Clone)]
pub struct PositionIngest {
    jobs: mpsc::UnboundedSender<Job>,
    places: Places,
    /// Where news of positions goes.
    pub frames: PositionFrames,
}

struct Job {
    report: Report,
    came: Instant,
    answer: oneshot::Sender<Vec<Result<(), ServiceError>>>,
    /// Held until the answer.
    _places: Held,
}

impl PositionIngest {
    /// Starts the task. It ends when the last handle is gone.
    pub fn start(
        database: Database,
        clock: Clock,
        relay: Relay,
        frames: PositionFrames,
        supervisor: &Supervisor,
    ) -> Self {
        Self::with_room(ROOM, database, clock, relay, frames, supervisor)
    }

    fn with_room(
        room: usize,
        database: Database,
        clock: Clock,
        relay: Relay,
        frames: PositionFrames,
        supervisor: &Supervisor,
    ) -> Self {
        let (jobs, waiting) = mpsc::unbounded_channel();
        let writer = Writer { database, clock, relay, frames: frames.clone(), waiting: Mutex::new(waiting) };
        let writer = Arc::new(writer);
        supervisor.run("position_writer", move || {
            let writer = writer.clone();
            async move { writer.run().await }
        });
        Self { jobs, places: Places::new(room), frames }
    }

    /// Stores positions, and answers each in order once they are committed. Those of one report share a transaction.
    /// What is queued is stored even if the caller goes away.
    pub async fn store(&self, report: Report) -> Vec<Result<(), ServiceError>> {
        let count = report.positions.len();
        let Some(places) = self.places.take(&report.caller, count) else {
            metrics::counter!(crate::metrics::THROTTLED, "limit" => "positions").increment(1);
            return (0..count).map(|_| Err(ServiceError::Busy)).collect();
        };
        let (answer, answered) = oneshot::channel();
        let job = Job { report, came: Instant::now(), answer, _places: places };
        let results = if self.jobs.send(job).is_ok() { answered.await.ok() } else { None };
        results.unwrap_or_else(|| (0..count).map(|_| Err(StoreError::TaskEnded("stores positions").into())).collect())
    }
}

/// The same failure of the database for each position.
fn failed(count: usize, error: &Arc<StoreError>) -> Vec<Result<(), ServiceError>> {
    (0..count).map(|_| Err(StoreError::Shared(error.clone()).into())).collect()
}

struct Writer {
    database: Database,
    clock: Clock,
    relay: Relay,
    frames: PositionFrames,
    /// Outlives a run that fails: only the group that it worked on is lost, and answered as failed.
    waiting: Mutex<mpsc::UnboundedReceiver<Job>>,
}

impl Writer {
    async fn run(&self) -> Ended {
        let mut waiting = self.waiting.lock().await;
        while let Some(first) = waiting.recv().await {
            let until = time::Instant::now() + GATHER;
            let mut size = first.report.positions.len();
            let mut jobs = vec![first];
            while size < GROUP
                && let Ok(Some(job)) = time::timeout_at(until, waiting.recv()).await
            {
                size += job.report.positions.len();
                jobs.push(job);
            }
            self.store(jobs).await;
        }
        Ended::Done
    }

    async fn store(&self, jobs: Vec<Job>) {
        let reports: Vec<&Report> = jobs.iter().map(|job| &job.report).collect();
        let mut retries = Retries::begin();
        let stored = loop {
            let stored = group::store(&self.database, self.clock.now(), &reports).await;
            if !stored.as_ref().is_err_and(StoreError::is_conflict) || !retries.wait().await {
                break stored;
            }
        };
        match stored {
            Ok(stored) => {
                if !stored.news.is_empty() {
                    self.relay.tell(NodeMessage::Positions(stored.news.clone()));
                    self.frames.note(stored.news);
                }
                // One sample a group, of the one that has waited longest.
                let longest = jobs.iter().map(|job| job.came.elapsed()).max().unwrap_or_default();
                metrics::histogram!(INGEST_LAG).record(longest.as_secs_f64());
                for (job, results) in jobs.into_iter().zip(stored.results) {
                    // Whoever does not wait any more has hung up.
                    let _ = job.answer.send(results);
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for job in jobs {
                    let _ = job.answer.send(failed(job.report.positions.len(), &error));
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "ingest_tests.rs"]
mod tests;
