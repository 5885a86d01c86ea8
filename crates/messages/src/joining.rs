//! Work for something that began long ago, by whoever that did not send: a timer, or others who say something of it. It is
//! done inside of the trace in which that began, so that one trace shows all that became of it.

use custom_handler::TraceContext;
use std::future::Future;
use tracing::{Instrument, Span};
use values::TraceOrigin;

/// Where the work stands that goes on now, to be kept by what begins with it.
#[must_use]
pub fn origin_here() -> TraceOrigin {
    let here = TraceContext::current();
    TraceOrigin {
        traceparent: here.traceparent(),
        tracestate: here.tracestate().map(str::to_owned),
    }
}

/// Does the work inside of the trace in which it began that the work is for: in a span of this name, which points at what goes
/// on now, and that at it. Where it goes on in that trace anyway, or nobody knows where it began, the work is done as it is.
pub async fn in_trace_of<T>(
    origin: Option<&TraceOrigin>,
    name: &'static str,
    work: impl Future<Output = T>,
) -> T {
    let Some(began) = elsewhere(origin) else { return work.await };
    let (around, here) = (TraceContext::current(), Span::current());
    let span = tracing::info_span!("join", otel.name = name, otel.kind = "internal");
    around.link_from(&span);
    began.link_from(&here);
    began.begin(&span);
    work.instrument(span).await
}

/// Has what goes on now point at the trace in which it began that it is for, if it goes on in another one: a person had
/// something done once more.
pub fn point_at(origin: Option<&TraceOrigin>) {
    if let Some(began) = elsewhere(origin) {
        began.link_from(&Span::current());
    }
}

/// Where it began, if that is in another trace than what goes on now.
fn elsewhere(origin: Option<&TraceOrigin>) -> Option<TraceContext> {
    let TraceOrigin { traceparent, tracestate } = origin?;
    let began = TraceContext::parse(traceparent, tracestate.as_deref())?;
    (!began.shares_trace_with(&TraceContext::current())).then_some(began)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn origin(trace: u8) -> TraceOrigin {
        let traceparent =
            format!("00-0af7651916cd43dd8448eb211c8031{trace:02x}-b7ad6b7169203331-01");
        TraceOrigin { traceparent, tracestate: None }
    }

    async fn where_it_is_done(origin: Option<&TraceOrigin>) -> TraceContext {
        in_trace_of(origin, "look", async { TraceContext::current() }).await
    }

    #[tokio::test]
    async fn work_goes_on_in_the_trace_in_which_it_began_that_it_is_for() {
        let _lines = tracing::subscriber::set_default(tracing_subscriber::registry());
        let (first, second) = (origin(1), origin(2));
        let inside = async {
            let here = TraceContext::current();
            let there = where_it_is_done(Some(&second)).await;
            (
                here,
                there,
                where_it_is_done(Some(&origin_here())).await,
                where_it_is_done(None).await,
            )
        };
        let (here, there, same, nowhere) = in_trace_of(Some(&first), "run", inside).await;
        let traces = [&here, &there].map(TraceContext::trace_id);
        assert_eq!(traces, [1, 2].map(|n| format!("0af7651916cd43dd8448eb211c8031{n:02x}")));
        assert_eq!((&same, &nowhere), (&here, &here), "no span of its own");
    }

    #[tokio::test]
    async fn an_origin_that_is_none_hinders_nobody() {
        let broken = TraceOrigin { traceparent: "00-1".to_owned(), tracestate: None };
        assert_eq!(in_trace_of(Some(&broken), "look", async { 7 }).await, 7);
    }
}
