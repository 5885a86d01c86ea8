use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::FutureExt;
use http::{HeaderMap, Method};
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::work::Work;
use super::{figures, spans};
use crate::handler::HttpCode;
use crate::position;
use crate::problem::Problem;
use crate::request::Request;
use crate::response::Response;
use crate::trace::TraceContext;

/// The header that names an invocation; only the host's own questions come without it.
pub(super) const INVOCATION_ID: &str = "x-azure-functions-invocationid";

/// A call that came, before it is known what is to be done.
pub(super) struct Arrival {
    pub(super) function: &'static str,
    pub(super) invocation_id: String,
    /// Where the host or the client stands in a trace.
    pub(super) caller: Option<TraceContext>,
    pub(super) started: Instant,
    /// Whether no function was called before it in this process.
    pub(super) is_first: bool,
}

/// What is known of a call before the function runs. Its span ends with it.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) function: &'static str,
    pub(super) work: Work,
    pub(super) invocation_id: String,
    /// The position of the call's span.
    pub(super) trace: TraceContext,
    pub(super) span: Span,
    pub(super) started: Instant,
}

impl Arrival {
    pub(super) fn new(function: &'static str, headers: &HeaderMap, is_first: bool) -> Self {
        let given =
            headers.get(INVOCATION_ID).and_then(|id| Uuid::try_parse(id.to_str().ok()?).ok());
        Self {
            function,
            invocation_id: given.unwrap_or_else(Uuid::new_v4).to_string(),
            caller: TraceContext::carried_by(headers),
            started: Instant::now(),
            is_first,
        }
    }

    /// A request for this route.
    pub(super) fn http(self, method: &Method, route: String) -> Call {
        let span = spans::http(&self, method, &route);
        let parent = self.caller.clone();
        self.begun(span, parent, Work::Http { method: method.clone(), route })
    }

    /// A message, of which `carried` is the trace that it names itself: it is continued, and points at the host's.
    pub(super) fn message(self, work: Work, carried: Option<TraceContext>) -> Call {
        let span = spans::message(&self, &work);
        let host = self.caller.clone();
        match carried {
            Some(carried) => {
                spans::point_at(&span, host.filter(|host| !host.shares_trace_with(&carried)));
                self.begun(span, Some(carried), work)
            }
            None => self.begun(span, host, work),
        }
    }

    fn begun(self, span: Span, parent: Option<TraceContext>, work: Work) -> Call {
        let trace = position::begin(&span, parent.as_ref());
        if self.is_first {
            span.in_scope(figures::cold_start);
        }
        let Self { function, invocation_id, started, .. } = self;
        Call { function, work, invocation_id, trace, span, started }
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
    // Boxed, since a task copies its future when it begins and ends.
    tokio::spawn(Box::pin(work).instrument(Span::current())).await.ok()
}
