//! How much work passwords may make at once: each check takes 19 MiB and a core.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

/// Bounds the checks that run, and those that wait.
pub struct PasswordWork {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
}

/// The work was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDone {
    /// As many wait already as may.
    TooMany,
    /// The work panicked, or the server ends.
    Failed,
}

impl PasswordWork {
    pub fn new(at_once: usize, most_waiting: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(at_once)), waiting: AtomicUsize::new(0), most_waiting }
    }

    /// Does a piece of work on a thread of its own. The place is taken until the work has ended, even if whoever asked
    /// for it has gone meanwhile: nothing can stop it.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, NotDone> {
        let place = match self.running.clone().try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                let _waiting = Waiting::begin(self).ok_or(NotDone::TooMany)?;
                self.running.clone().acquire_owned().await.map_err(|_| NotDone::Failed)?
            }
        };
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|_| NotDone::Failed)
    }
}

/// One who waits, until they have their turn or go.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(work: &'a PasswordWork) -> Option<Self> {
        let one_more = |waiting: usize| (waiting < work.most_waiting).then_some(waiting + 1);
        work.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Self(&work.waiting))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc, time::Duration};

    #[tokio::test]
    async fn a_caller_who_hangs_up_frees_no_place_for_another() {
        let work = PasswordWork::new(2, 100);
        let running = Arc::new(AtomicUsize::new(0));
        let (let_go, gate) = mpsc::channel::<()>();
        let gate = Arc::new(std::sync::Mutex::new(gate));
        for _ in 0..20 {
            let (running, gate) = (running.clone(), gate.clone());
            let asked = work.run(move || {
                running.fetch_add(1, Ordering::SeqCst);
                let _ = gate.lock().unwrap().recv();
            });
            // Hangs up soon after the work has begun, or while it waits.
            let _ = tokio::time::timeout(Duration::from_millis(20), asked).await;
        }
        assert_eq!(running.load(Ordering::SeqCst), 2);
        drop(let_go);
        work.run(|| ()).await.unwrap();
    }

    #[tokio::test]
    async fn those_beyond_the_queue_are_told_so_at_once() {
        let work = Arc::new(PasswordWork::new(1, 3));
        let (let_go, gate) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let work = work.clone();
            async move { work.run(move || gate.recv().is_err()).await }
        });
        while work.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let work = work.clone();
                tokio::spawn(async move { work.run(|| ()).await })
            })
            .collect();
        while work.waiting.load(Ordering::Relaxed) < 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(work.run(|| ()).await, Err(NotDone::TooMany));
        drop(let_go);
        first.await.unwrap().unwrap();
        for each in waiting {
            each.await.unwrap().unwrap();
        }
        assert_eq!(work.run(|| 7).await, Ok(7));
        assert_eq!(work.waiting.load(Ordering::Relaxed), 0);
    }
}
