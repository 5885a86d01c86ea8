//! Spans.

use std::sync::Arc;

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    trace::v1::{
        self as otlp,
        span::{Event, Link as OtlpLink, SpanKind},
        status::StatusCode,
    },
};

use super::{Decoded, of_resource, of_scope, values};
use crate::{
    telemetry::model::{Kind, Link, Origin, Span, SpanEvent, Status},
    trace_ids::{SpanContext, SpanId, TraceId},
};

/// Of a span's flags, those that W3C has.
const W3C_FLAGS: u32 = 0xff;

pub(super) fn decode(request: ExportTraceServiceRequest, decoded: &mut Decoded) {
    for of_one in request.resource_spans {
        let resource = of_resource(of_one.resource);
        for of_library in of_one.scope_spans {
            let origin = of_scope(&resource, of_library.scope);
            for sent in of_library.spans {
                match span(&origin, sent) {
                    Ok(span) => decoded.spans.push(span),
                    Err(why) => decoded.rejected.push(why),
                }
            }
        }
    }
}

fn span(origin: &Arc<Origin>, sent: otlp::Span) -> Result<Span, String> {
    let no_id = |what| format!("a span of {} has no valid {what}", origin.service);
    let start_ns = sent.start_time_unix_nano;
    Ok(Span {
        trace_id: TraceId::from_bytes(&sent.trace_id).ok_or_else(|| no_id("traceId"))?,
        id: SpanId::from_bytes(&sent.span_id).ok_or_else(|| no_id("spanId"))?,
        parent_id: SpanId::from_bytes(&sent.parent_span_id),
        origin: Arc::clone(origin),
        name: sent.name,
        kind: kind(sent.kind),
        start_ns,
        end_ns: sent.end_time_unix_nano.max(start_ns),
        attributes: values::attributes(sent.attributes),
        status: status(sent.status),
        events: sent.events.into_iter().map(event).collect(),
        links: sent.links.into_iter().filter_map(link).collect(),
    })
}

fn kind(number: i32) -> Kind {
    match SpanKind::try_from(number) {
        Ok(SpanKind::Server) => Kind::Server,
        Ok(SpanKind::Client) => Kind::Client,
        Ok(SpanKind::Producer) => Kind::Producer,
        Ok(SpanKind::Consumer) => Kind::Consumer,
        Ok(SpanKind::Internal | SpanKind::Unspecified) | Err(_) => Kind::Internal,
    }
}

fn status(status: Option<otlp::Status>) -> Status {
    let otlp::Status { message, code } = status.unwrap_or_default();
    match StatusCode::try_from(code) {
        Ok(StatusCode::Error) => Status::Error(message),
        Ok(StatusCode::Ok) => Status::Ok,
        Ok(StatusCode::Unset) | Err(_) => Status::Unset,
    }
}

fn event(sent: Event) -> SpanEvent {
    SpanEvent {
        name: sent.name,
        at_ns: sent.time_unix_nano,
        attributes: values::attributes(sent.attributes),
    }
}

fn link(sent: OtlpLink) -> Option<Link> {
    let to = SpanContext {
        trace: TraceId::from_bytes(&sent.trace_id)?,
        span: SpanId::from_bytes(&sent.span_id)?,
        flags: u8::try_from(sent.flags & W3C_FLAGS).unwrap_or_default(),
    };
    Some(Link { to, attributes: values::attributes(sent.attributes) })
}
