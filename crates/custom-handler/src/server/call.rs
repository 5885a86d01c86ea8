use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::FutureExt;
use http::{HeaderMap, Method};
use tracing::{Instrument, Span};
use uuid::Uuid;

use crate::handler::HttpCode;
use crate::problem::Problem;
use crate::request::Request;
use crate::response::Response;
use crate::trace::TraceContext;

/// The header that names an invocation; only the host's own questions come without it.
pub(super) const INVOCATION_ID: &str = "x-azure-functions-invocationid";

/// What is known of a call before the function runs.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) function: &'static str,
    pub(super) route: String,
    pub(super) method: Method,
    pub(super) invocation_id: String,
    pub(super) trace: TraceContext,
    pub(super) started: Instant,
}

impl Call {
    pub(super) fn new(
        function: &'static str,
        route: String,
        method: &Method,
        headers: &HeaderMap,
    ) -> Self {
        let given =
            headers.get(INVOCATION_ID).and_then(|id| Uuid::try_parse(id.to_str().ok()?).ok());
        Self {
            function,
            route,
            method: method.clone(),
            invocation_id: given.unwrap_or_else(Uuid::new_v4).to_string(),
            trace: TraceContext::from_headers(headers).child(),
            started: Instant::now(),
        }
    }

    /// Always enabled, so that whatever is logged inside says where it belongs.
    pub(super) fn span(&self) -> Span {
        tracing::error_span!(
            "invocation",
            function = self.function,
            invocation_id = self.invocation_id,
            trace_id = self.trace.trace_id()
        )
    }
}

/// Runs the code; a panic in it is a failure of that call alone.
pub(super) async fn call_http(code: HttpCode, request: Request) -> Result<Response, Problem> {
    let call = AssertUnwindSafe(async move { code(request).await });
    call.catch_unwind().await.unwrap_or_else(|_| Err(Problem::internal("the function panicked")))
}

/// Runs in a task of its own: a client that hangs up must not stop a function halfway between two
/// writes. `None` when the process is ending.
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    tokio::spawn(work.instrument(Span::current())).await.ok()
}
