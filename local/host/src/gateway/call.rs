//! The account of one HTTP invocation: from the request's arrival to the last byte of its answer.

use std::{sync::Arc, time::Instant};

use http::{Request, StatusCode};
use jiff::Timestamp;
use uuid::Uuid;

use super::Matched;
use crate::{
    Function,
    exchanges::{Exchange, Tap},
    http::Trace,
    invocation,
    journal::{InvocationRecord, Outcome},
    platform::{Platform, RunningApp},
    throttle::Place,
};

/// One invocation. It is recorded when it is finished, or as abandoned when it is dropped before.
pub(super) struct Call {
    platform: Arc<Platform>,
    pub(super) app_index: usize,
    pub(super) function: Arc<Function>,
    pub(super) id: Uuid,
    pub(super) trace: Trace,
    about: String,
    target: String,
    /// The request's body, as far as it has come by.
    pub(super) input: Tap,
    /// The answer's body, as far as it has come by.
    pub(super) output: Tap,
    pub(super) began: Instant,
    started_at: Timestamp,
    status: Option<StatusCode>,
    finished: bool,
    /// Its place among the requests that `host.json` allows at once.
    place: Option<Place>,
}

impl Call {
    pub(super) fn new<B>(
        platform: &Arc<Platform>,
        matched: &Matched,
        request: &Request<B>,
        place: Place,
    ) -> Self {
        Self {
            platform: Arc::clone(platform),
            app_index: matched.app,
            function: Arc::clone(&matched.function),
            id: invocation::new_id(),
            trace: Trace::of(request.headers()),
            about: format!("{} {}", request.method(), request.uri().path()),
            target: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            input: Tap::of(request.headers()),
            output: Tap::default(),
            began: Instant::now(),
            started_at: Timestamp::now(),
            status: None,
            finished: false,
            place: Some(place),
        }
    }

    pub(super) fn app(&self) -> &RunningApp {
        &self.platform.apps[self.app_index]
    }

    /// Leaves the account to somebody else: what it is about, and its place.
    pub(super) fn hand_over(mut self) -> (String, Option<Place>) {
        self.finished = true;
        (std::mem::take(&mut self.about), self.place.take())
    }

    /// The status that the client gets; the body may still be on its way.
    pub(super) fn answering(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// The answer is complete.
    pub(super) fn answered(&mut self) {
        self.finish(Outcome::Answered);
    }

    /// The host had to answer itself, or could not complete the answer.
    pub(super) fn failed(&mut self, status: StatusCode, reason: impl Into<String>) {
        self.status = Some(status);
        self.finish(Outcome::Failed(reason.into()));
    }

    /// The answer had begun and could not be completed.
    pub(super) fn broke_off(&mut self, reason: impl Into<String>) {
        self.finish(Outcome::Failed(reason.into()));
    }

    fn finish(&mut self, outcome: Outcome) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        let exchange = Exchange {
            target: Some(std::mem::take(&mut self.target)),
            input: self.input.take(),
            output: self.output.take(),
        };
        let record = InvocationRecord {
            id: self.id,
            app: self.app().app.name.clone(),
            function: self.function.name.to_string(),
            trigger: "http",
            about: std::mem::take(&mut self.about),
            status: self.status.map(|status| status.as_u16()),
            outcome,
            started_at: self.started_at,
            duration: self.began.elapsed(),
            trace_id: self.trace.id().to_string(),
            trace: self.trace.clone(),
        };
        self.platform.record(record, exchange);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.finish(Outcome::Abandoned);
    }
}
