//! Log records.

use std::sync::Arc;

use opentelemetry_proto::tonic::{
    collector::logs::v1::ExportLogsServiceRequest,
    logs::v1::{self as otlp, SeverityNumber},
};

use super::{Decoded, of_resource, of_scope, values};
use crate::{
    log::Level,
    telemetry::model::{LogRecord, Origin},
    trace_ids::{SpanId, TraceId},
};

pub(super) fn decode(request: ExportLogsServiceRequest, decoded: &mut Decoded) {
    for of_one in request.resource_logs {
        let resource = of_resource(of_one.resource);
        for of_library in of_one.scope_logs {
            let origin = of_scope(&resource, of_library.scope);
            let records = of_library.log_records.into_iter();
            decoded.logs.extend(records.map(|record| log_record(&origin, record)));
        }
    }
}

fn log_record(origin: &Arc<Origin>, sent: otlp::LogRecord) -> LogRecord {
    let at_ns = match sent.time_unix_nano {
        0 => sent.observed_time_unix_nano,
        known => known,
    };
    LogRecord {
        trace_id: TraceId::from_bytes(&sent.trace_id),
        span_id: SpanId::from_bytes(&sent.span_id),
        origin: Arc::clone(origin),
        at_ns,
        level: level(sent.severity_number, &sent.severity_text),
        severity: sent.severity_text,
        body: values::json(sent.body),
        event_name: sent.event_name,
        attributes: values::attributes(sent.attributes),
    }
}

fn level(number: i32, text: &str) -> Level {
    const INFO: i32 = SeverityNumber::Info as i32;
    const WARN: i32 = SeverityNumber::Warn as i32;
    const ERROR: i32 = SeverityNumber::Error as i32;
    match number {
        ERROR.. => Level::Error,
        WARN.. => Level::Warning,
        INFO.. => Level::Info,
        1.. => Level::Debug,
        _ => Level::parse(text).unwrap_or(Level::Info),
    }
}
