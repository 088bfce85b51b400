//! The commands of one socket, worked off one after the other in the order in which they came.
//!
//! Each handler call would otherwise be a task of its own, and a `leave:load` could overtake its `join:load`.

use futures::future::BoxFuture;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

type Job = BoxFuture<'static, ()>;

/// Holds no task while it is empty: an idle socket costs nothing here.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    is_working: bool,
}

/// More commands wait than a socket may have under way.
#[derive(Debug)]
pub struct Full;

impl Inbox {
    /// Puts a job behind those that wait, at most `most` of them. Must be called within the runtime.
    pub fn push(&self, most: usize, job: Job) -> Result<(), Full> {
        let mut queue = self.lock();
        if queue.waiting.len() >= most {
            return Err(Full);
        }
        queue.waiting.push_back(job);
        if !queue.is_working {
            queue.is_working = true;
            tokio::spawn(self.clone().work_off());
        }
        Ok(())
    }

    async fn work_off(self) {
        loop {
            let job = {
                let mut queue = self.lock();
                let Some(job) = queue.waiting.pop_front() else {
                    queue.is_working = false;
                    queue.waiting.shrink_to_fit();
                    return;
                };
                job
            };
            // A command that panics takes none of those behind it along.
            if tokio::spawn(job).await.is_err() {
                tracing::error!("a client command panicked");
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn jobs_are_done_in_the_order_in_which_they_came() {
        let inbox = Inbox::default();
        let (sender, mut done) = mpsc::unbounded_channel();
        for number in 0..10u64 {
            let sender = sender.clone();
            let job = async move {
                // The first takes the longest.
                for _ in number..10 {
                    tokio::task::yield_now().await;
                }
                let _ = sender.send(number);
            };
            inbox.push(10, Box::pin(job)).unwrap();
        }
        for number in 0..10 {
            assert_eq!(done.recv().await, Some(number));
        }
    }

    #[tokio::test]
    async fn more_than_may_wait_are_refused() {
        let inbox = Inbox::default();
        for _ in 0..3 {
            inbox.push(3, Box::pin(std::future::pending())).unwrap();
        }
        // No worker has had a turn yet, so all three wait.
        assert!(inbox.push(3, Box::pin(async {})).is_err());
    }

    #[tokio::test]
    async fn a_job_that_panics_does_not_hold_up_the_next() {
        let inbox = Inbox::default();
        let (sender, done) = tokio::sync::oneshot::channel();
        inbox.push(3, Box::pin(async { panic!("on purpose") })).unwrap();
        inbox.push(3, Box::pin(async move { sender.send(()).unwrap() })).unwrap();
        done.await.unwrap();
    }
}
