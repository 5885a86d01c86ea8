use std::fmt;

use bytes::{Buf, Bytes};
use futures::Stream;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Map, Value, json};
use tracing::Instrument;

use super::call::{Arrival, Call, to_its_end};
use super::finish::{duration_ms, to_bytes};
use super::work::{MessageWork, Work};
use super::{Kind, Served, Server, body, figures, spans};
use crate::carried::carried_alone;
use crate::envelope::{Envelope, EnvelopeError, Payload, trigger_value};
use crate::outputs::RETURN;
use crate::problem::{ErrorStatus, Problem, problems};

/// Largest envelope, in bytes. The host reads a blob whole and sends it as base64, and a page of a
/// change feed, up to 4 MiB, with every quote escaped twice.
pub(super) const MAX_ENVELOPE_BYTES: usize = 32 * 1024 * 1024;

/// What the host sent.
struct Come {
    envelope: Envelope,
    /// The trigger's value, of a message.
    payload: Option<Payload>,
}

impl Come {
    fn read(served: &Served, body: &[u8]) -> Result<Self, EnvelopeError> {
        let envelope = Envelope::parse(body)?;
        let is_message = matches!(served.kind, Kind::Message(_));
        let payload = is_message.then(|| trigger_value(&served.function_json, &envelope));
        Ok(Self { envelope, payload: payload.transpose()? })
    }
}

/// The call that it is; of what cannot be read only that somebody called.
fn called(served: &Served, arrival: Arrival, come: Option<&Come>) -> Call {
    let payload = come.and_then(|come| come.payload.as_ref());
    match &served.kind {
        Kind::Http { route, .. } => {
            let name = &served.function_json.trigger_name;
            let method = come.and_then(|come| {
                come.envelope.data.get(name)?.get("Method")?.as_str()?.parse().ok()
            });
            arrival.http(&method.unwrap_or(Method::POST), route.to_string())
        }
        Kind::Message(_) => {
            let metadata = come.map(|come| come.envelope.metadata.clone()).unwrap_or_default();
            let trigger = &served.function_json.trigger;
            let work = MessageWork::new(served.name, trigger, payload, &metadata);
            arrival.message(Work::Message(work), payload.and_then(carried_alone))
        }
    }
}

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
        let served = &self.0.functions[function];
        let arrival = self.arrival(served.name, &parts.headers);
        let body = body::read(&parts.headers, body, MAX_ENVELOPE_BYTES).await;
        let come = body
            .map_err(|problem| format!("reading the host's envelope: {problem}"))
            .and_then(|body| Come::read(served, &body).map_err(|error| error.to_string()));
        let call = called(served, arrival, come.as_ref().ok());
        let span = call.span.clone();
        async {
            let come = match come {
                Ok(come) => come,
                Err(error) => return self.fail(&call, &error),
            };
            let server = self.clone();
            let finished = to_its_end(async move { server.invoke(function, call, come).await });
            finished.await.unwrap_or_else(|| reply(StatusCode::INTERNAL_SERVER_ERROR, &json!({})))
        }
        .instrument(span)
        .await
    }

    async fn invoke(&self, function: usize, call: Call, come: Come) -> http::Response<Bytes> {
        let served = &self.0.functions[function];
        let Come { envelope, payload } = come;
        let replied = match (&served.kind, payload) {
            (Kind::Message(code), Some(payload)) => {
                self.message(&call, code, &served.function_json, &envelope, payload).await
            }
            _ => self.wrapped_http(function, &call, &envelope).await,
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
        spans::ended(call, "failed");
        figures::ended(call, "failed");
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
