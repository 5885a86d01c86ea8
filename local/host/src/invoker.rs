//! Enveloped invocations by real handler processes.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{
    HeaderValue, Method, Request, Response,
    header::{CONTENT_TYPE, HOST, USER_AGENT},
    uri::PathAndQuery,
};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    InvocationRecord, Outcome,
    exchanges::{BodyHead, Exchange},
    handler::{HandlerBody, Lease, Unavailable},
    http::{HOST_VERSION, Trace, add_host_headers},
    invocation::{
        Invocation, InvocationError, InvocationReply, Invoke, REPLY_MAX_BYTES, TIMEOUT_GRACE,
    },
    named_traces,
    outputs::Reply,
    platform::{Platform, RunningApp},
};

/// A reply of more than this many bytes is not one of those that hang.
const HANGING_REPLY_MAX_BYTES: usize = 64;

impl Invoke for Platform {
    fn invoke(
        &self,
        invocation: Invocation,
    ) -> BoxFuture<'_, Result<InvocationReply, InvocationError>> {
        Box::pin(async move {
            let app = invocation.app.clone();
            let (result, record, exchange) = self.invoke_unrecorded(invocation).await;
            let is_stopped = matches!(result, Err(InvocationError::Unavailable { .. }));
            // A timer would fill the log with one and the same reason.
            if is_stopped && self.app(&app).is_some_and(|running| !running.reminder.is_due()) {
                self.record_silently(record, exchange);
            } else {
                self.record(record, exchange);
            }
            result
        })
    }

    fn report_failure(&self, id: Uuid, reason: &str) {
        if let Some(record) = self.journal.fail(id, reason) {
            self.tell_span(&record);
            self.log.error(
                &format!("{}/{}", record.app, record.function),
                format_args!("{} ({reason})", record.about),
            );
        }
    }

    fn stop_host(&self, app: &str, why: &str) {
        if let Some(running) = self.app(app) {
            running.pool.shut_down(why);
        }
    }

    fn is_stopped(&self, app: &str) -> bool {
        self.app(app).is_some_and(|running| running.pool.stopped().is_some())
    }

    fn report_logs(&self, id: Uuid, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        if let Some((app, function)) = self.journal.function_of(id) {
            lines.iter().for_each(|line| self.log.invocation_log(&app, &function, id, line));
        }
    }
}

impl Platform {
    /// An invocation and its account, which is left to the caller to record.
    pub(crate) async fn invoke_unrecorded(
        &self,
        invocation: Invocation,
    ) -> (Result<InvocationReply, InvocationError>, InvocationRecord, Exchange) {
        let (started_at, began) = (Timestamp::now(), Instant::now());
        let trace = match &invocation.traceparent {
            Some(parent) => Trace::continued(Some(parent)),
            None => Trace::of_input(&named_traces::in_input(&invocation.body)),
        };
        let result = match self.find(&invocation) {
            Ok(running) => self.call(running, &invocation, &trace).await,
            Err(error) => Err(error),
        };
        let exchange = exchange(&invocation, &result);
        let record = record(invocation, trace, &result, started_at, began.elapsed());
        (result, record, exchange)
    }

    fn find(&self, invocation: &Invocation) -> Result<&RunningApp, InvocationError> {
        let unknown = || InvocationError::UnknownFunction {
            app: invocation.app.clone(),
            function: invocation.function.clone(),
        };
        let running = self.app(&invocation.app).ok_or_else(unknown)?;
        let enabled =
            running.app.function(&invocation.function).is_some_and(|function| function.enabled);
        if enabled { Ok(running) } else { Err(unknown()) }
    }

    /// One call within `functionTimeout` and its grace; past it the handler is killed.
    async fn call(
        &self,
        running: &RunningApp,
        invocation: &Invocation,
        trace: &Trace,
    ) -> Result<InvocationReply, InvocationError> {
        let lease = running
            .pool
            .acquire()
            .await
            .map_err(|unavailable| not_available(invocation, unavailable))?;
        let exchange = async {
            let replied = self.exchange(&lease, invocation, trace).await;
            if !replied.as_ref().is_ok_and(|reply| reply.status.is_success()) {
                self.hint_at_chunks(running);
            }
            let reply = replied?;
            if hangs(&reply) {
                self.log.error(
                    &format!("{}/{}", invocation.app, invocation.function),
                    "the handler replied 2xx with an empty or null body: in Azure such an invocation hangs until \
                     functionTimeout and then the handler is killed, and so it does here; reply with at least `{}`",
                );
                std::future::pending::<()>().await;
            }
            Ok(reply)
        };
        let Some(limit) = running.app.host_json.function_timeout else { return exchange.await };
        match tokio::time::timeout(limit + TIMEOUT_GRACE, exchange).await {
            Ok(result) => result,
            Err(_) => {
                lease.recycle();
                lease.death_noticed().await;
                let Invocation { app, function, .. } = invocation.clone();
                Err(InvocationError::TimedOut { app, function, limit })
            }
        }
    }

    /// Tells once per app of the usual reason why a handler that works elsewhere fails on its first envelope.
    fn hint_at_chunks(&self, running: &RunningApp) {
        if self.envelope_content_length || running.chunks_told.swap(true, Ordering::Relaxed) {
            return;
        }
        self.log.info(
            &running.app.name,
            "hint: the envelope is sent chunked, as in Azure; a handler that reads only Content-Length sees an empty \
             body; --sized-envelopes sends a length, as `func start` does",
        );
    }

    async fn exchange(
        &self,
        lease: &Lease,
        invocation: &Invocation,
        trace: &Trace,
    ) -> Result<InvocationReply, InvocationError> {
        let broken = |why: String| InvocationError::Connection {
            app: invocation.app.clone(),
            function: invocation.function.clone(),
            why,
        };
        let target = PathAndQuery::try_from(format!("/{}", invocation.function));
        let target = target.expect("a function's name is letters, digits, `_` and `-`");
        let request = self.request(lease, invocation, trace);
        let read = match lease.client().send(request, target).await {
            Ok(response) => read(response).await,
            Err(error) => Err(error.to_string()),
        };
        if read.is_err() {
            lease.death_noticed().await;
        }
        read.map_err(broken)
    }

    fn request(
        &self,
        lease: &Lease,
        invocation: &Invocation,
        trace: &Trace,
    ) -> Request<HandlerBody> {
        let body = invocation.body.clone();
        let mut request =
            Request::new(if self.envelope_content_length { sized(body) } else { chunked(body) });
        *request.method_mut() = Method::POST;
        let headers = request.headers_mut();
        headers.insert(HOST, lease.client().host());
        add_host_headers(headers, invocation.id, trace);
        headers.insert(USER_AGENT, user_agent());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        request
    }
}

/// `Azure-Functions-Host/<version>`.
pub(crate) fn user_agent() -> HeaderValue {
    HeaderValue::try_from(format!("Azure-Functions-Host/{HOST_VERSION}"))
        .expect("a version is digits and dots")
}

fn sized(body: Bytes) -> HandlerBody {
    Full::new(body).map_err(|never| match never {}).boxed_unsync()
}

fn chunked(body: Bytes) -> HandlerBody {
    StreamBody::new(futures::stream::iter([Ok(Frame::data(body))])).boxed_unsync()
}

/// A whole reply, at most [`REPLY_MAX_BYTES`] of it; otherwise why not.
pub(crate) async fn read(response: Response<Incoming>) -> Result<InvocationReply, String> {
    let (parts, body) = response.into_parts();
    let content_type =
        parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = Limited::new(body, REPLY_MAX_BYTES).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            format!("the handler's reply is over {REPLY_MAX_BYTES} bytes")
        } else {
            format!("the handler's reply broke off: {error}")
        }
    })?;
    Ok(InvocationReply { status: parts.status, content_type, body: body.to_bytes() })
}

fn hangs(reply: &InvocationReply) -> bool {
    reply.body.len() <= HANGING_REPLY_MAX_BYTES
        && Reply::read(reply.status.as_u16(), reply.content_type.as_deref(), &reply.body)
            == Reply::Hang
}

fn not_available(invocation: &Invocation, unavailable: Unavailable) -> InvocationError {
    let Invocation { app, function, .. } = invocation.clone();
    match unavailable {
        Unavailable::Stopped(why) => {
            // The whole reason was told when it stopped, and the page shows it.
            let why = format!("the app is stopped: {}", why.lines().next().unwrap_or_default());
            InvocationError::Unavailable { app, function, why }
        }
        Unavailable::Gone => {
            let why = "connection refused: the handler has left with code 0".to_owned();
            InvocationError::Connection { app, function, why }
        }
    }
}

fn exchange(
    invocation: &Invocation,
    result: &Result<InvocationReply, InvocationError>,
) -> Exchange {
    let output = result.as_ref().ok();
    let output = output.map(|reply| BodyHead::of(reply.content_type.as_deref(), &reply.body));
    Exchange {
        target: None,
        input: BodyHead::of(Some("application/json"), &invocation.body),
        output: output.unwrap_or_default(),
    }
}

fn record(
    invocation: Invocation,
    trace: Trace,
    result: &Result<InvocationReply, InvocationError>,
    started_at: Timestamp,
    duration: Duration,
) -> InvocationRecord {
    let (status, outcome) = match result {
        Ok(reply) if reply.status.is_success() => (Some(reply.status.as_u16()), Outcome::Answered),
        Ok(reply) => (
            Some(reply.status.as_u16()),
            Outcome::Failed(format!("the handler answered {}", reply.status)),
        ),
        Err(error) => (None, Outcome::Failed(error.to_string())),
    };
    InvocationRecord {
        id: invocation.id,
        app: invocation.app,
        function: invocation.function,
        trigger: invocation.trigger,
        about: invocation.about,
        status,
        outcome,
        started_at,
        duration,
        trace_id: trace.id().to_string(),
        trace,
    }
}
