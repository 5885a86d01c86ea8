use std::fmt;

use bytes::{Buf, Bytes};
use futures::Stream;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use tracing::Instrument;

use super::call::{Call, to_its_end};
use super::finish::{duration_ms, to_bytes};
use super::{Kind, Server, body};
use crate::envelope::Envelope;
use crate::outputs::RETURN;
use crate::problem::{ErrorStatus, Problem, problems};

/// Largest envelope, in bytes. The host reads a blob whole and sends it as base64, and a page of a
/// change feed, up to 4 MiB, with every quote escaped twice.
pub(super) const MAX_ENVELOPE_BYTES: usize = 32 * 1024 * 1024;

impl Server {
    pub(super) async fn enveloped<S, B, E>(
        &self,
        function: usize,
        parts: Parts,
        body: S,
    ) -> http::Response<Bytes>
    where
        S: Stream<Item = Result<B, E>>,
        B: Buf,
        E: fmt::Display,
    {
        let name = self.0.functions[function].name;
        let call = Call::new(name, String::new(), &parts.method, &parts.headers);
        let span = call.span();
        async {
            let body = match body::read(&parts.headers, body, MAX_ENVELOPE_BYTES).await {
                Ok(body) => body,
                Err(problem) => {
                    return self.fail(&call, &format!("reading the host's envelope: {problem}"));
                }
            };
            let server = self.clone();
            let finished = to_its_end(async move { server.invoke(function, call, &body).await });
            finished.await.unwrap_or_else(|| reply(StatusCode::INTERNAL_SERVER_ERROR, &json!({})))
        }
        .instrument(span)
        .await
    }

    async fn invoke(&self, function: usize, call: Call, body: &[u8]) -> http::Response<Bytes> {
        let envelope = match Envelope::parse(body) {
            Ok(envelope) => envelope,
            Err(error) => return self.fail(&call, &error.to_string()),
        };
        let served = &self.0.functions[function];
        let replied = match &served.kind {
            Kind::Message(code) => {
                self.message(&call, code, &served.function_json, &envelope).await
            }
            Kind::Http { .. } => self.wrapped_http(function, &call, &envelope).await,
        };
        replied.unwrap_or_else(|error| self.fail(&call, &error.to_string()))
    }

    pub(super) fn fail(&self, call: &Call, error: &str) -> http::Response<Bytes> {
        tracing::error!(
            outcome = "failed",
            duration_ms = duration_ms(call),
            error,
            "invocation failed"
        );
        self.failure(call)
    }

    /// What makes the host count the invocation as failed. Plain JSON, so that every version takes it.
    pub(super) fn failure(&self, call: &Call) -> http::Response<Bytes> {
        let problem = Problem::new(
            ErrorStatus::InternalServerError,
            problems::INTERNAL_ERROR.slug,
            "The invocation failed",
        );
        let document = problem.to_json(&self.0.settings.problem_types, Some(&call.invocation_id));
        reply(problem.status().code(), &document)
    }
}

/// The reply as the host reads it. Never empty and never null: either would leave the invocation
/// hanging until `functionTimeout`. `ReturnValue` is null unless an output is called `$return`, as
/// an object there would override the outputs.
pub(super) fn reply_document(mut outputs: Map<String, Value>, logs: Vec<String>) -> Value {
    let returned = outputs.remove(RETURN).unwrap_or(Value::Null);
    json!({ "Outputs": outputs, "Logs": logs, "ReturnValue": returned })
}

pub(super) fn reply(status: StatusCode, document: &Value) -> http::Response<Bytes> {
    let mut response = http::Response::new(to_bytes(document));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
