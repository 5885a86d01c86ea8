//! The `live` and `ready` probes. Front Door and the pipelines ask `ready` before they send anybody here.

use custom_handler::{ErrorStatus, Problem, Response};
use serde::Serialize;
use std::{
    fmt::Display,
    future::Future,
    str::FromStr,
    time::{Duration, Instant},
};

/// When to ask again if something is down.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Does the process answer?
    Live,
    /// Does everything it depends on answer?
    Ready,
}

impl FromStr for Probe {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "live" => Ok(Self::Live),
            "ready" => Ok(Self::Ready),
            _ => Err("must be live or ready"),
        }
    }
}

/// Something the app depends on, as it was when it was asked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    name: &'static str,
    status: Status,
    latency_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Up,
    Down,
}

impl Dependency {
    /// Asks, and takes the time. Why it is down goes to the log and not to whoever asks.
    pub async fn ask<E: Display>(
        name: &'static str,
        question: impl Future<Output = Result<(), E>>,
    ) -> Self {
        let started = Instant::now();
        let answer = question.await;
        let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Err(error) = &answer {
            tracing::warn!(dependency = name, %error, "a dependency is down");
        }
        let status = if answer.is_ok() { Status::Up } else { Status::Down };
        Self { name, status, latency_ms }
    }
}

#[derive(Serialize)]
struct Ready<'a> {
    status: &'static str,
    dependencies: &'a [Dependency],
}

/// The process answers.
#[must_use]
pub fn live() -> Response {
    Response::ok(&serde_json::json!({"status": "live"})).cache_control("no-store")
}

/// 200 if all dependencies are up, with the latency of each.
///
/// # Errors
/// 503 that names the ones that are down.
pub fn ready(dependencies: &[Dependency]) -> Result<Response, Problem> {
    let down: Vec<&str> =
        dependencies.iter().filter(|d| d.status == Status::Down).map(|d| d.name).collect();
    if down.is_empty() {
        return Ok(Response::ok(&Ready { status: "ready", dependencies }).cache_control("no-store"));
    }
    Err(Problem::new(
        ErrorStatus::ServiceUnavailable,
        "unavailable",
        "Something we depend on does not answer",
    )
    .detail(format!("not answering: {}; the log says why", down.join(", ")))
    .with("dependencies", dependencies)
    .retry_after(RETRY_AFTER))
}
