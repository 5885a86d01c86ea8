//! The two bodies of a proxied call, passed on frame by frame.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::FutureExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep_until};

use super::{
    Call,
    expiry::{Activity, Expired, Limits},
};
use crate::{
    exchanges::Tap,
    handler::{BoxError, Lease},
    http::body::BodyError,
};

/// Where a request body waits that was not touched by a failed attempt.
pub(super) type Untouched = Arc<Mutex<Option<Incoming>>>;

/// Why a request body could not be passed on, if that is what went wrong: the client's fault, not the handler's.
pub(super) type Unread = Arc<Mutex<Option<BodyError>>>;

/// A request body on its way to the handler. If nothing of it was read it goes back to where the next attempt finds
/// it; a body that was begun is never sent again.
pub(super) struct Upload {
    body: Option<Incoming>,
    begun: bool,
    left_bytes: u64,
    limit_bytes: u64,
    unread: Unread,
    activity: Activity,
    untouched: Untouched,
    tap: Tap,
}

impl Upload {
    pub(super) fn new(
        body: Incoming,
        limit_bytes: u64,
        unread: &Unread,
        activity: &Activity,
        untouched: &Untouched,
        tap: &Tap,
    ) -> Self {
        Self {
            body: Some(body),
            begun: false,
            left_bytes: limit_bytes,
            limit_bytes,
            unread: Arc::clone(unread),
            activity: activity.clone(),
            untouched: Arc::clone(untouched),
            tap: tap.clone(),
        }
    }

    fn not_read(&mut self, error: BodyError) -> BoxError {
        let text = error.to_string();
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        text.into()
    }

    fn count(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, BoxError> {
        self.activity.seen();
        let bytes = frame.data_ref().map_or(0, |data| {
            self.tap.see(data);
            data.len() as u64
        });
        match self.left_bytes.checked_sub(bytes) {
            Some(left) => {
                self.left_bytes = left;
                Ok(frame)
            }
            None => {
                let error = BodyError::TooLarge { limit_bytes: self.limit_bytes };
                Err(self.not_read(error))
            }
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.begun = true;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(cx);
        polled.map(|next| {
            next.map(|frame| match frame {
                Ok(frame) => self.count(frame),
                Err(error) => Err(self.not_read(BodyError::Broken(error.into()))),
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.begun {
            *self.untouched.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
        }
    }
}

/// An answer on its way to the client. It carries the call's account, which ends with it, and the lease that keeps the
/// handler awake. An error breaks the client's connection off, as it must once the answer has begun.
pub(super) struct Download {
    body: Incoming,
    call: Call,
    lease: Lease,
    limits: Limits,
    check: Option<Pin<Box<Sleep>>>,
}

impl Download {
    pub(super) fn new(body: Incoming, call: Call, lease: Lease, limits: Limits) -> Self {
        let mut download = Self { body, call, lease, limits, check: None };
        download.note_end();
        download
    }

    /// The server does not ask for a frame after the last one of a known length.
    fn note_end(&mut self) {
        if self.body.is_end_stream() {
            self.call.answered();
        }
    }

    fn broken(&mut self, reason: &str) -> BoxError {
        self.call.broke_off(reason);
        reason.into()
    }

    /// Nothing has come: is that allowed for longer?
    fn poll_limits(&mut self, cx: &mut Context<'_>) -> Poll<BoxError> {
        loop {
            let check =
                self.check.get_or_insert_with(|| Box::pin(sleep_until(self.limits.next_check())));
            if check.poll_unpin(cx).is_pending() {
                return Poll::Pending;
            }
            match self.limits.expired() {
                None => self.check = None,
                Some(Expired::Silent) => {
                    return Poll::Ready(self.broken(&Expired::Silent.to_string()));
                }
                Some(Expired::FunctionTimeout) => {
                    self.lease.recycle();
                    let reason =
                        format!("{} in the middle of the answer", Expired::FunctionTimeout);
                    return Poll::Ready(self.broken(&reason));
                }
            }
        }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.limits.activity.seen();
                if let Some(data) = frame.data_ref() {
                    self.call.output.see(data);
                }
                self.note_end();
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                let reason = format!("the handler's answer broke off: {error}");
                Poll::Ready(Some(Err(self.broken(&reason))))
            }
            Poll::Ready(None) => {
                self.call.answered();
                Poll::Ready(None)
            }
            Poll::Pending => self.poll_limits(cx).map(|error| Some(Err(error))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
