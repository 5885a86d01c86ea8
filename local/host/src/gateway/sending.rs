//! A request on its way to the handler, and again while no answer has begun (host `RetryProxyHandler.cs`): whatever goes
//! wrong before the head of the answer, unless something of a body has been read, which is not there a second time.

use std::{sync::PoisonError, time::Duration};

use http::{Request, Response, request::Parts, uri::PathAndQuery};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

use super::{
    expiry::Activity,
    streams::{Unread, Untouched, Upload},
};
use crate::{
    exchanges::Tap,
    handler::{HandlerBody, Lease, Lost, SendError, empty_body},
};

/// How often a request is sent, the first time included.
const ATTEMPTS: u32 = 10;

/// The wait after the first failed attempt; it doubles up to the maximum.
const DELAY_FIRST: Duration = Duration::from_millis(50);
const DELAY_MAX: Duration = Duration::from_millis(250);

/// Where the request goes and what its body passes through.
pub(super) struct Sending<'a> {
    pub(super) parts: &'a Parts,
    pub(super) target: PathAndQuery,
    pub(super) limit_bytes: u64,
    pub(super) unread: &'a Unread,
    pub(super) activity: &'a Activity,
    pub(super) tap: &'a Tap,
}

/// Why there is no answer.
pub(super) enum NotSent {
    Failed(SendError),
    /// The host stopped, or was replaced, before the request could be sent again.
    Lost(Lost),
}

impl Sending<'_> {
    /// The answer; the lease is then that of the process that gave it.
    pub(super) async fn send(
        &self,
        lease: &mut Lease,
        body: Incoming,
    ) -> Result<Response<Incoming>, NotSent> {
        let has_body = !body.is_end_stream();
        let mut waiting = has_body.then_some(body);
        let untouched = Untouched::default();
        let mut tries = Tries::default();
        loop {
            let upload = self.upload(waiting.take(), &untouched);
            let request = self.request(upload);
            let error = match lease.client().send(request, self.target.clone()).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            waiting = untouched.lock().unwrap_or_else(PoisonError::into_inner).take();
            let is_lost = has_body && waiting.is_none();
            if is_lost || matches!(error, SendError::Path) {
                return Err(NotSent::Failed(error));
            }
            loop {
                if !tries.wait_for_another().await {
                    return Err(NotSent::Failed(error));
                }
                if lease.renew().map_err(NotSent::Lost)? {
                    break;
                }
            }
        }
    }

    fn upload(&self, body: Option<Incoming>, untouched: &Untouched) -> HandlerBody {
        let Some(body) = body else { return empty_body() };
        let Self { limit_bytes, unread, activity, tap, .. } = self;
        Upload::new(body, *limit_bytes, unread, activity, untouched, tap).boxed_unsync()
    }

    /// The same each time, with the same invocation id.
    fn request(&self, body: HandlerBody) -> Request<HandlerBody> {
        let mut request = Request::new(body);
        *request.method_mut() = self.parts.method.clone();
        *request.headers_mut() = self.parts.headers.clone();
        request
    }
}

/// What the attempts cost when nobody listens.
pub(super) async fn dial_in_vain() {
    let mut tries = Tries::default();
    while tries.wait_for_another().await {}
}

/// The attempts made, and the wait before the next.
struct Tries {
    made: u32,
    delay: Duration,
}

impl Default for Tries {
    fn default() -> Self {
        Self { made: 1, delay: DELAY_FIRST }
    }
}

impl Tries {
    /// False when all have been made.
    async fn wait_for_another(&mut self) -> bool {
        if self.made == ATTEMPTS {
            return false;
        }
        tokio::time::sleep(self.delay).await;
        self.made += 1;
        self.delay = (self.delay * 2).min(DELAY_MAX);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_attempts_are_50_100_200_and_then_250_ms_apart() {
        let began = tokio::time::Instant::now();
        let (mut tries, mut waits) = (Tries::default(), Vec::new());
        while tries.wait_for_another().await {
            waits.push(began.elapsed().as_millis());
        }
        assert_eq!(waits, [50, 150, 350, 600, 850, 1_100, 1_350, 1_600, 1_850]);
    }
}
