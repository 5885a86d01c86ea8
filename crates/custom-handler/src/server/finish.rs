use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::call::Call;
use super::work::Work;
use super::{Server, figures, spans};
use crate::problem::Problem;
use crate::response::Response;

impl Server {
    /// Turns what the function said into what is sent, and logs the request, once.
    pub(super) fn finish(
        &self,
        call: &Call,
        result: Result<Response, Problem>,
    ) -> http::Response<Bytes> {
        let result = result.and_then(|mut response| match response.flaw.take() {
            Some(flaw) => Err(Problem::internal(flaw)),
            None => Ok(response),
        });
        match result {
            Ok(Response { status, headers, body, .. }) => {
                let mut answer = http::Response::new(body);
                *answer.status_mut() = status;
                *answer.headers_mut() = headers;
                log(call, status, None);
                answer
            }
            Err(problem) => {
                log(call, problem.status().code(), Some(&problem));
                self.refuse(call, &problem)
            }
        }
    }

    fn refuse(&self, call: &Call, problem: &Problem) -> http::Response<Bytes> {
        let document = problem.to_json(&self.0.settings.problem_types, Some(&call.invocation_id));
        let mut answer = http::Response::new(to_bytes(&document));
        *answer.status_mut() = problem.status().code();
        *answer.headers_mut() = problem.headers();
        answer
    }
}

pub(super) fn to_bytes(document: &Value) -> Bytes {
    Bytes::from(document.to_string())
}

pub(super) fn duration_ms(call: &Call) -> f64 {
    // Tenths of a millisecond: finer is noise and makes lines long.
    (call.started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
}

fn log(call: &Call, status: StatusCode, problem: Option<&Problem>) {
    let (method, route) = match &call.work {
        Work::Http { method, route } => (spans::method(method), route.as_str()),
        Work::Message(_) => ("", ""),
    };
    let duration_ms = duration_ms(call);
    let slug = problem.map(Problem::slug);
    let because = problem.and_then(Problem::cause);
    spans::answered(call, status, slug);
    figures::answered(call, status, slug);
    let status = status.as_u16();
    if status >= 500 {
        tracing::error!(
            method,
            route,
            status,
            duration_ms,
            problem = slug,
            because,
            "request failed"
        );
    } else {
        tracing::info!(
            method,
            route,
            status,
            duration_ms,
            problem = slug,
            because,
            "request answered"
        );
    }
}
