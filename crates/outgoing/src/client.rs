//! The client: tries, pauses and the circuit breaker around single attempts.

use crate::{
    answer::{Answer, Verdict},
    destinations::{Destinations, origin},
    error::{CallError, Reason},
    guard::Guard,
    limits::Limits,
    pauses,
    request::Request,
    spans::Telling,
};
use futures::future::BoxFuture;
use std::{fmt, sync::OnceLock, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument;
use values::Clock;

type Bearer = Box<dyn Fn() -> BoxFuture<'static, Result<String, String>> + Send + Sync>;

/// Calls one service, or many of one kind. Make one and keep it: it knows who is in trouble, and keeps connections.
///
/// Nothing is contacted, and no certificate read, before the first call.
pub struct Client {
    pub(crate) service: String,
    pub(crate) limits: Limits,
    pub(crate) guard: Option<Guard>,
    pub(crate) bearer: Option<Bearer>,
    pub(crate) clock: Clock,
    pub(crate) http: OnceLock<reqwest::Client>,
    destinations: Destinations,
    /// The moment from which the breakers' times are counted.
    started: Instant,
}

impl Client {
    /// `service` is for errors and the log: `calling Content Safety: no answer within 10000 ms`.
    #[must_use]
    pub fn new(service: impl Into<String>, limits: Limits) -> Self {
        Self {
            service: service.into(),
            limits,
            guard: None,
            bearer: None,
            clock: Clock::system(),
            http: OnceLock::new(),
            destinations: Destinations::new(limits),
            started: Instant::now(),
        }
    }

    /// For URLs that strangers give: only what `guard` lets through is called, first and after each redirect.
    #[must_use]
    pub fn guarded_by(mut self, guard: Guard) -> Self {
        self.guard = Some(guard);
        self
    }

    /// Sends a token (`Authorization: Bearer`) with each try, such as that of a managed identity. Its time counts
    /// against the try's deadline; it is not sent on to where a redirect leads.
    #[must_use]
    pub fn with_bearer<F>(mut self, token: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, String>> + Send + 'static,
    {
        self.bearer = Some(Box::new(move || Box::pin(token())));
        self
    }

    /// By which a `Retry-After` with a date is read, in the place of the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the call: tries again where that may help and cannot do harm, and takes no longer than
    /// [`Limits::total_deadline`]. An answer is one of any status, also of 500 after the last try.
    ///
    /// # Errors
    /// There is no answer, or none that may be read.
    pub async fn call(&self, request: &Request) -> Result<Answer, CallError> {
        let began = Instant::now();
        let telling = Telling::begin(self, request);
        // The service goes on from the span of this call.
        let told = telling.position.as_ref().map(|at| request.clone().headers(at.headers()));
        let request = told.as_ref().unwrap_or(request);
        let (outcome, tries) = self.tried(request, began).instrument(telling.span.clone()).await;
        telling.end(self, request, &outcome, (tries, began.elapsed()));
        outcome
    }

    /// The last outcome, and after how many tries.
    async fn tried(&self, request: &Request, began: Instant) -> (Result<Answer, CallError>, u32) {
        if let Err(error) = self.check(request) {
            return (Err(error), 0);
        }
        let origin = origin(&request.url);
        let deadline = request.deadline.unwrap_or(Duration::MAX).min(self.limits.total_deadline);
        let left = || deadline.saturating_sub(began.elapsed());
        self.destinations.begin(&origin, self.now());
        let mut failures = 0;
        loop {
            let outcome = self.guarded_try(request, &origin, left()).await;
            let Some(wait) = again(request, &outcome) else { return (outcome, failures + 1) };
            failures += 1;
            let pause = pauses::after(failures, wait.retry_after, &self.limits, rand::random());
            let out_of_tries = failures >= self.limits.tries || pause >= left();
            if out_of_tries || !self.destinations.pay_retry(&origin, self.now()) {
                return (outcome, failures);
            }
            let reason = wait.reason;
            tracing::info!(service = self.service, reason, failures, ?pause, "calling again");
            sleep(pause).await;
        }
    }

    /// One try, if the circuit breaker lets it through.
    async fn guarded_try(
        &self,
        request: &Request,
        origin: &str,
        left: Duration,
    ) -> Result<Answer, CallError> {
        let permit = self.destinations.admit(origin, self.now());
        let permit = permit.map_err(|wait| self.error(Reason::LeftAlone, Some(wait)))?;
        let deadline = self.limits.try_deadline.min(left);
        let outcome = timeout(deadline, self.try_once(request)).await;
        let outcome = outcome.unwrap_or(Err(Reason::TimedOut(deadline)));
        let went = match &outcome {
            Ok(answer) if (request.verdict)(answer) == Verdict::Well => Ok(()),
            Ok(answer) => Err(answer.retry_after()),
            Err(reason) if reason.speaks_for_the_service() => Ok(()),
            Err(_) => Err(None),
        };
        self.destinations.report(origin, self.now(), permit, went);
        outcome.map_err(|reason| self.error(reason, None))
    }

    /// What need not be tried.
    fn check(&self, request: &Request) -> Result<(), CallError> {
        let max_bytes = self.limits.max_request_bytes;
        if request.body.len() > max_bytes {
            return Err(self.error(Reason::RequestTooLarge { max_bytes }, None));
        }
        let checked = self.guard.as_ref().map_or(Ok(()), |guard| guard.check(&request.url));
        checked.map_err(|refused| self.error(refused.into(), None))
    }

    fn error(&self, reason: Reason, retry_after: Option<Duration>) -> CallError {
        CallError { service: self.service.clone(), reason, retry_after }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Why another try may do better.
struct Again {
    reason: String,
    retry_after: Option<Duration>,
}

/// `None` if another try would do no better, or might do twice what should be done once.
fn again(request: &Request, outcome: &Result<Answer, CallError>) -> Option<Again> {
    match outcome {
        Ok(answer) => {
            // Whoever answers 429 has not done it.
            let harmless =
                request.repeatable || answer.status() == reqwest::StatusCode::TOO_MANY_REQUESTS;
            let wanted = harmless && (request.verdict)(answer) == Verdict::TryAgain;
            let reason = format!("it answered {}", answer.status().as_u16());
            wanted.then(|| Again { reason, retry_after: answer.retry_after() })
        }
        Err(error) => error
            .reason
            .allows_again(request.repeatable)
            .then(|| Again { reason: error.reason.to_string(), retry_after: error.retry_after }),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.service)
            .field("destinations", &self.destinations)
            .finish_non_exhaustive()
    }
}
