//! Bodies on their way: those that arrive have a limit of time, and the end of those that leave is noted.

use super::activity::Activity;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// The body of a request. It must have come whole within its time, however steadily it drips.
pub struct ArrivingBody {
    body: Incoming,
    deadline: Instant,
    /// Made once something is waited for: most bodies come with their head.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl ArrivingBody {
    pub fn new(body: Incoming, within: Duration) -> Self {
        Self { body, deadline: Instant::now() + within, sleep: None }
    }
}

impl HttpBody for ArrivingBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = self.deadline;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        sleep.as_mut().poll(cx).map(|()| Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer. With it the request ends.
pub struct AnsweringBody {
    body: Body,
    activity: Activity,
}

impl AnsweringBody {
    pub fn new(body: Body, activity: Activity) -> Self {
        Self { body, activity }
    }
}

impl Drop for AnsweringBody {
    fn drop(&mut self) {
        self.activity.end_request();
    }
}

impl HttpBody for AnsweringBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
