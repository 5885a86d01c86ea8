use std::fmt;

use bytes::{Buf, Bytes};
use function_json::RouteParams;
use futures::Stream;
use http::StatusCode;
use http::request::Parts;

use super::call::{Call, call_http, to_its_end};
use super::{Server, body};
use crate::handler::HttpCode;
use crate::problem::Problem;
use crate::request::Request;

impl Server {
    /// A request as the client sent it.
    pub(super) async fn plain<S, B, E>(
        &self,
        call: Call,
        code: HttpCode,
        params: RouteParams,
        max_body_bytes: usize,
        parts: Parts,
        body: S,
    ) -> http::Response<Bytes>
    where
        S: Stream<Item = Result<B, E>>,
        B: Buf,
        E: fmt::Display,
    {
        let body = match body::read(&parts.headers, body, max_body_bytes).await {
            Ok(body) => body,
            Err(problem) => return self.finish(&call, Err(problem)),
        };
        let request = Request {
            function: call.function,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            params,
            body,
            invocation_id: call.invocation_id.clone(),
            trace: call.trace.clone(),
            inputs: Default::default(),
        };
        let server = self.clone();
        let finished = to_its_end(async move {
            let result = call_http(code, request).await.and_then(|response| {
                if response.outputs.is_empty() {
                    return Ok(response);
                }
                Err(Problem::internal(
                    "the answer has outputs, but function.json has no output besides http",
                ))
            });
            server.finish(&call, result)
        });
        finished.await.unwrap_or_else(|| http_status(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

fn http_status(status: StatusCode) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}
