//! The account of an enveloped HTTP request: each attempt is recorded with the status that the client gets, which is
//! known only when the outputs have been written.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use futures::future::BoxFuture;
use http::StatusCode;
use uuid::Uuid;

use crate::{
    exchanges::Exchange,
    http::Trace,
    invocation::{Invocation, InvocationError, InvocationReply, Invoke},
    journal::{InvocationRecord, Outcome},
    platform::Platform,
};

/// Whatever fails, the client of an enveloped function gets this.
const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// Carries the attempts of one request within its trace; triggers begin a trace for each.
pub(super) struct Attempts {
    platform: Arc<Platform>,
    trace: Trace,
    /// The attempt that the handler has answered well, until its outputs are applied.
    answered: Mutex<Option<Attempt>>,
}

struct Attempt {
    record: InvocationRecord,
    exchange: Exchange,
    began: Instant,
}

impl Attempts {
    pub(super) fn new(platform: &Arc<Platform>, trace: &Trace) -> Self {
        Self { platform: Arc::clone(platform), trace: trace.clone(), answered: Mutex::default() }
    }

    /// Records the attempt that led to the client's answer, unless it failed and has been recorded.
    pub(super) fn answer(&self, status: StatusCode) {
        if let Some(attempt) = self.take() {
            self.record(attempt, status);
        }
    }

    fn take(&self) -> Option<Attempt> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn record(&self, attempt: Attempt, status: StatusCode) {
        let Attempt { mut record, exchange, began } = attempt;
        record.status = Some(status.as_u16());
        record.duration = began.elapsed();
        self.platform.record(record, exchange);
    }
}

impl Invoke for Attempts {
    fn invoke(
        &self,
        mut invocation: Invocation,
    ) -> BoxFuture<'_, Result<InvocationReply, InvocationError>> {
        Box::pin(async move {
            invocation.traceparent = Some(self.trace.traceparent());
            let began = Instant::now();
            let (result, record, exchange) = self.platform.invoke_unrecorded(invocation).await;
            let attempt = Attempt { record, exchange, began };
            if attempt.record.outcome == Outcome::Answered {
                *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(attempt);
            } else {
                self.record(attempt, FAILURE);
            }
            result
        })
    }

    fn report_failure(&self, id: Uuid, reason: &str) {
        if let Some(mut attempt) = self.take() {
            debug_assert_eq!(attempt.record.id, id, "attempts come one after the other");
            attempt.record.outcome = Outcome::Failed(reason.to_owned());
            self.record(attempt, FAILURE);
        }
    }

    fn report_logs(&self, id: Uuid, lines: &[String]) {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Attempt { record, .. }) = answered.as_ref() {
            let log = &self.platform.log;
            lines
                .iter()
                .for_each(|line| log.invocation_log(&record.app, &record.function, id, line));
        }
    }
}
