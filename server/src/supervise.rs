//! Supervision: a long-lived task that panics or ends is started again, counted, and told by `/readyz`.

use crate::metrics::TASK_RESTARTS;
use futures::FutureExt;
use std::{
    any::Any,
    collections::{BTreeMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long is waited for a restart, and what counts as often.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Before the first restart; each that follows waits twice as long as the one before.
    first: Duration,
    longest: Duration,
    /// A run that lasted so long was sound: pauses begin anew after it. Failures older than this are forgotten.
    sound: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first: Duration::from_millis(100), longest: Duration::from_secs(30), sound: Duration::from_secs(60) }
    }
}

impl Pace {
    /// The pause after a run that lasted so long, where the one before it was `before`.
    fn pause(&self, before: Option<Duration>, lasted: Duration) -> Duration {
        match before {
            Some(before) if lasted < self.sound => (before * 2).min(self.longest),
            _ => self.first,
        }
    }
}

/// So many failures within the time of a sound run are too many to call the server ready, even while the task runs.
const TOO_MANY: usize = 3;

/// How a run of a task ended, unless it panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is left to do: nobody holds what it worked for any more.
    Done,
    /// It should have gone on; the reason is for the log.
    Unexpected(&'static str),
}

/// Starts the long-lived tasks of a server and knows how they are.
#[derive(Clone, Default)]
pub struct Supervisor {
    tasks: Arc<Mutex<BTreeMap<&'static str, Health>>>,
    pace: Pace,
}

/// Of all tasks of one name.
#[derive(Default)]
struct Health {
    /// How many of them wait for their restart.
    down: usize,
    /// When they failed lately.
    failures: VecDeque<Instant>,
}

impl Supervisor {
    /// Runs a task until it is done. `start` begins a run: the first, and another after each that failed. What must
    /// outlive a failed run, such as a queue, belongs to `start`. Must be called within the runtime.
    pub fn run<Start, Run>(&self, name: &'static str, start: Start)
    where
        Start: FnMut() -> Run + Send + 'static,
        Run: Future<Output = Ended> + Send + 'static,
    {
        tokio::spawn(self.clone().keep_running(name, start));
    }

    /// The same, but no longer than until `stop`.
    pub fn run_until<Start, Run>(&self, stop: &CancellationToken, name: &'static str, start: Start)
    where
        Start: FnMut() -> Run + Send + 'static,
        Run: Future<Output = Ended> + Send + 'static,
    {
        tokio::spawn(stop.clone().run_until_cancelled_owned(self.clone().keep_running(name, start)));
    }

    /// The tasks that are not well, and what is wrong with each.
    pub fn failing(&self) -> BTreeMap<&'static str, &'static str> {
        let mut tasks = self.lock();
        let mut failing = BTreeMap::new();
        for (name, health) in tasks.iter_mut() {
            health.forget_old(self.pace.sound);
            if health.down > 0 {
                failing.insert(*name, "restarting");
            } else if health.failures.len() >= TOO_MANY {
                failing.insert(*name, "restarted too often");
            }
        }
        failing
    }

    async fn keep_running<Start, Run>(self, name: &'static str, mut start: Start)
    where
        Start: FnMut() -> Run + Send + 'static,
        Run: Future<Output = Ended> + Send + 'static,
    {
        let restarts = metrics::counter!(TASK_RESTARTS, "task" => name);
        // So that it can be seen before it happens.
        restarts.increment(0);
        let mut before = None;
        loop {
            let began = Instant::now();
            let reason = match AssertUnwindSafe(async { start().await }).catch_unwind().await {
                Ok(Ended::Done) => return,
                Ok(Ended::Unexpected(reason)) => reason.to_owned(),
                Err(panic) => format!("panicked: {}", message(&*panic)),
            };
            let pause = self.pace.pause(before, began.elapsed());
            before = Some(pause);
            tracing::error!(task = name, %reason, again_in = ?pause, "a task has failed and is started again");
            self.fail(name);
            // Spread, so that nodes that fail for one reason don't come back in one moment.
            tokio::time::sleep(pause.mul_f64(rand::random_range(0.5..1.0))).await;
            self.lock().entry(name).or_default().down -= 1;
            restarts.increment(1);
        }
    }

    fn fail(&self, name: &'static str) {
        let mut tasks = self.lock();
        let health = tasks.entry(name).or_default();
        health.forget_old(self.pace.sound);
        health.failures.push_back(Instant::now());
        health.down += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Health>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Health {
    fn forget_old(&mut self, sound: Duration) {
        while self.failures.front().is_some_and(|failed| failed.elapsed() > sound) {
            self.failures.pop_front();
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::mpsc;

    /// A task that fails `failures` times, each time as `fail` does, and then tells that it runs.
    fn failing_at_first(
        supervisor: &Supervisor,
        failures: usize,
        fail: fn() -> Ended,
    ) -> mpsc::UnboundedReceiver<&'static str> {
        let runs = Arc::new(AtomicUsize::new(0));
        let (sender, told) = mpsc::unbounded_channel();
        supervisor.run("a_task", move || {
            let (runs, sender) = (runs.clone(), sender.clone());
            async move {
                if runs.fetch_add(1, Ordering::Relaxed) < failures {
                    return fail();
                }
                let _ = sender.send("it runs");
                std::future::pending().await
            }
        });
        told
    }

    #[tokio::test]
    async fn a_task_that_panics_or_ends_is_started_again() {
        let supervisor = Supervisor::default();
        for fail in [|| panic!("by a test"), || Ended::Unexpected("by a test")] {
            let mut told = failing_at_first(&supervisor, 2, fail);
            assert_eq!(told.recv().await, Some("it runs"));
        }
    }

    #[tokio::test]
    async fn a_task_is_told_while_it_is_down_and_for_a_while_after_it_failed_often() {
        let pace = Pace { first: Duration::from_millis(5), ..Pace::default() };
        let supervisor = Supervisor { pace, ..Supervisor::default() };
        let (mend, mended) = tokio::sync::watch::channel(false);
        supervisor.run("a_task", move || {
            let is_mended = *mended.borrow();
            async move {
                assert!(is_mended, "by a test");
                std::future::pending().await
            }
        });
        let say = |said: &'static str| BTreeMap::from([("a_task", said)]);
        for (said, meanwhile) in [(say("restarting"), None), (say("restarted too often"), Some(true))] {
            if let Some(is_mended) = meanwhile {
                // Long enough for the failures to be many.
                tokio::time::sleep(Duration::from_millis(200)).await;
                mend.send(is_mended).unwrap();
            }
            while supervisor.failing() != said {
                tokio::task::yield_now().await;
            }
        }
        let mut tasks = supervisor.lock();
        let health = tasks.get_mut("a_task").unwrap();
        std::thread::sleep(Duration::from_millis(2));
        health.forget_old(Duration::from_millis(1));
        assert!(health.failures.is_empty(), "they are forgotten in time");
    }

    #[tokio::test]
    async fn one_failure_is_over_once_the_task_runs() {
        let supervisor = Supervisor::default();
        let mut told = failing_at_first(&supervisor, 1, || panic!("by a test"));
        told.recv().await;
        assert_eq!(supervisor.failing(), BTreeMap::new());
    }

    #[test]
    fn pauses_double_up_to_a_longest_one_and_begin_anew_after_a_sound_run() {
        let pace = Pace::default();
        let mut pauses = vec![pace.pause(None, Duration::ZERO)];
        for _ in 0..12 {
            pauses.push(pace.pause(pauses.last().copied(), Duration::from_secs(59)));
        }
        assert_eq!(pauses[..3], [100, 200, 400].map(Duration::from_millis));
        assert_eq!(pauses[12], Duration::from_secs(30));
        assert_eq!(pace.pause(pauses.last().copied(), Duration::from_secs(60)), pauses[0]);
    }

    #[tokio::test]
    async fn a_task_that_is_done_or_told_to_stop_is_not_started_again() {
        let supervisor = Supervisor::default();
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        supervisor.run("a_task", move || {
            counted.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Ended::Done)
        });
        let stop = CancellationToken::new();
        let (sender, mut gone) = mpsc::unbounded_channel::<()>();
        supervisor.run_until(&stop, "another", move || {
            let _alive = &sender;
            std::future::pending()
        });
        stop.cancel();
        assert_eq!(gone.recv().await, None, "what the task held is let go of");
        tokio::time::sleep(2 * Pace::default().first).await;
        assert_eq!((runs.load(Ordering::Relaxed), supervisor.failing()), (1, BTreeMap::new()));
    }
}
