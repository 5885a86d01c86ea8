//! What senders are answered: what was taken, and otherwise a `google.rpc.Status`, each in the encoding of the request.

use http::{
    HeaderValue, Response, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};
use opentelemetry_proto::tonic::collector::{
    logs::v1::{ExportLogsPartialSuccess, ExportLogsServiceResponse},
    metrics::v1::{ExportMetricsPartialSuccess, ExportMetricsServiceResponse},
    trace::v1::{ExportTracePartialSuccess, ExportTraceServiceResponse},
};
use prost::Message as _;
use serde_json::{Value, json};

use super::{
    Signal,
    body::{BODY_MAX_BYTES, Encoding, UNPACKED_MAX_BYTES},
};
use crate::http::{ReplyBody, body::BodyError, reply};

/// How many reasons are told of what was not taken.
const REASONS_MAX: usize = 3;

/// `google.rpc.Code`.
const INVALID_ARGUMENT: i32 = 3;
const INTERNAL: i32 = 13;

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("telemetry is received at /v1/traces, /v1/logs and /v1/metrics")]
    NoSuchPath,
    #[error("telemetry is sent with POST")]
    NotPost,
    #[error(
        "Content-Type is neither {} nor {}; set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        Encoding::PROTOBUF_TYPE,
        Encoding::JSON_TYPE
    )]
    ContentType,
    #[error(
        "Content-Encoding is not gzip; send the body as it is, or set OTEL_EXPORTER_OTLP_COMPRESSION=gzip"
    )]
    ContentEncoding,
    #[error(
        "{0}; at most {BODY_MAX_BYTES} bytes are taken: send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE)"
    )]
    Body(BodyError),
    #[error(
        "the body is over {UNPACKED_MAX_BYTES} bytes when it is unpacked: send smaller batches"
    )]
    TooLargeUnpacked,
    #[error("{0}")]
    Malformed(String),
    #[error("reading the request failed; the host's log may say more")]
    Broken,
}

/// <https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto>, without details.
#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::NotPost => StatusCode::METHOD_NOT_ALLOWED,
            Self::ContentType | Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Body(error) => error.status(),
            Self::TooLargeUnpacked => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn response(&self, encoding: Option<Encoding>) -> Response<ReplyBody> {
        let code = if matches!(self, Self::Broken) { INTERNAL } else { INVALID_ARGUMENT };
        let message = self.to_string();
        // Who does not say what is understood is answered what people can read.
        let encoding = encoding.unwrap_or(Encoding::Json);
        let mut response = match encoding {
            Encoding::Protobuf => protobuf(self.status(), Status { code, message }.encode_to_vec()),
            Encoding::Json => {
                json_reply(self.status(), &json!({ "code": code, "message": message }))
            }
        };
        if matches!(self, Self::NotPost) {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

/// 200; `rejected` has a reason for each span, record or point that was not taken.
pub(super) fn taken(
    signal: Signal,
    encoding: Option<Encoding>,
    rejected: &[String],
) -> Response<ReplyBody> {
    let count = i64::try_from(rejected.len()).unwrap_or(i64::MAX);
    let reasons = &rejected[..rejected.len().min(REASONS_MAX)];
    let message = reasons.join("; ");
    if encoding == Some(Encoding::Json) {
        let name = match signal {
            Signal::Traces => "rejectedSpans",
            Signal::Logs => "rejectedLogRecords",
            Signal::Metrics => "rejectedDataPoints",
        };
        let body = match count {
            0 => json!({}),
            // As JSON has 64-bit integers.
            count => {
                json!({ "partialSuccess": { name: count.to_string(), "errorMessage": message } })
            }
        };
        return json_reply(StatusCode::OK, &body);
    }
    protobuf(StatusCode::OK, partial_success(signal, count, message))
}

/// Empty when everything was taken: `partial_success` must then be left out.
fn partial_success(signal: Signal, count: i64, error_message: String) -> Vec<u8> {
    if count == 0 {
        return Vec::new();
    }
    match signal {
        Signal::Traces => {
            let partial = ExportTracePartialSuccess { rejected_spans: count, error_message };
            ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec()
        }
        Signal::Logs => {
            let partial = ExportLogsPartialSuccess { rejected_log_records: count, error_message };
            ExportLogsServiceResponse { partial_success: Some(partial) }.encode_to_vec()
        }
        Signal::Metrics => {
            let partial =
                ExportMetricsPartialSuccess { rejected_data_points: count, error_message };
            ExportMetricsServiceResponse { partial_success: Some(partial) }.encode_to_vec()
        }
    }
}

fn protobuf(status: StatusCode, body: Vec<u8>) -> Response<ReplyBody> {
    typed(reply::bytes(status, body), Encoding::PROTOBUF_TYPE)
}

fn json_reply(status: StatusCode, body: &Value) -> Response<ReplyBody> {
    // The specification knows no parameter of this type.
    typed(reply::json(status, body), Encoding::JSON_TYPE)
}

fn typed(mut response: Response<ReplyBody>, content_type: &'static str) -> Response<ReplyBody> {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
