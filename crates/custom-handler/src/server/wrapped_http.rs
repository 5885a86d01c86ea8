use bytes::Bytes;
use function_json::{FunctionJson, Output};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::body;
use super::call::{Call, call_http};
use super::enveloped::{reply, reply_document};
use super::{Kind, Server, refusal};
use crate::envelope::{Envelope, EnvelopeError, decode_request, encode_response, input_values};
use crate::outputs::RETURN;
use crate::problem::Problem;
use crate::request::Request;
use crate::response::Response;

impl Server {
    /// An HTTP function with further bindings: request and answer travel inside the envelope.
    pub(super) async fn wrapped_http(
        &self,
        function: usize,
        call: &Call,
        envelope: &Envelope,
    ) -> Result<http::Response<Bytes>, EnvelopeError> {
        let served = &self.0.functions[function];
        let function_json = &served.function_json;
        let Kind::Http { methods, .. } = &served.kind else {
            return Err(EnvelopeError("the function is not an HTTP function".to_owned()));
        };
        let wrapped =
            decode_request(envelope.data.get(&function_json.trigger_name).unwrap_or(&Value::Null))?;
        let limit = methods.max_body_bytes;
        let encoding = match wrapped.body.len() {
            0 => Ok(()),
            _ => body::check_encoding(&wrapped.headers),
        };
        let result = match methods.code(&wrapped.method) {
            Some(_) if let Err(problem) = encoding => Err(problem),
            None => Err(refusal(
                &methods.by_method.iter().map(|(method, _)| method.clone()).collect::<Vec<_>>(),
            )),
            Some(_) if wrapped.body.len() > limit => Err(Problem::content_too_large(limit)),
            Some(code) => {
                let request = Request {
                    function: call.function,
                    method: wrapped.method,
                    path: wrapped.path,
                    query: wrapped.query,
                    headers: wrapped.headers,
                    params: wrapped.params,
                    body: wrapped.body,
                    invocation_id: call.invocation_id.clone(),
                    trace: call.trace.clone(),
                    inputs: input_values(function_json, envelope)?,
                };
                call_http(code.clone(), request).await
            }
        };
        let wrapped = result.and_then(|response| wrap(response, function_json));
        Ok(self.wrapped_reply(call, wrapped, function_json))
    }

    /// The reply; one that cannot be put into an envelope becomes a 500 inside it.
    fn wrapped_reply(
        &self,
        call: &Call,
        wrapped: Result<(Response, Map<String, Value>), Problem>,
        function_json: &FunctionJson,
    ) -> http::Response<Bytes> {
        let http_output = function_json.outputs.iter().find(|output| output.kind == Output::Http);
        let name = http_output.map_or(RETURN, |output| output.name.as_str());
        let (result, mut outputs) = match wrapped {
            Ok((response, outputs)) => (Ok(response), outputs),
            Err(problem) => (Err(problem), Map::new()),
        };
        let answer = self.finish(call, result);
        // A problem is text, and so is what `wrap` let through.
        outputs.insert(
            name.to_owned(),
            encode_response(&answer).unwrap_or_else(|_| json!({ "statusCode": 500 })),
        );
        reply(StatusCode::OK, &reply_document(outputs, Vec::new()))
    }
}

/// Encodes the outputs of an answer, and makes sure that the answer itself fits an envelope.
fn wrap(
    mut response: Response,
    function_json: &FunctionJson,
) -> Result<(Response, Map<String, Value>), Problem> {
    // An answer that cannot be sent must not leave its outputs behind.
    if let Some(flaw) = response.flaw.take() {
        return Err(Problem::internal(flaw));
    }
    let outputs =
        std::mem::take(&mut response.outputs).encode(function_json).map_err(Problem::internal)?;
    let mut answer = http::Response::new(response.body.clone());
    *answer.headers_mut() = response.headers.clone();
    encode_response(&answer).map_err(Problem::internal)?;
    Ok((response, outputs))
}
