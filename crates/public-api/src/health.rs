//! The `live` and `ready` probes. Front Door and the pipelines ask `ready` before they send anybody here.

use crate::problems::UNAVAILABLE;
use custom_handler::{Problem, Request, Response};
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
    pub async fn ask<T, E: Display>(
        name: &'static str,
        question: impl Future<Output = Result<T, E>>,
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

/// The answer of a function `health`, whose route ends in `{probe}`; [`WithContract`](crate::WithContract) has one.
/// Dependencies are only asked for `ready`.
///
/// ```
/// use custom_handler::{Problem, Request, Response};
/// use public_api::health::{self, Dependency};
/// # struct App; impl App { async fn ping(&self) -> Result<(), String> { Ok(()) } }
///
/// /// GET: `live` says that the process answers, `ready` that everything it depends on does.
/// async fn get(app: &App, request: Request) -> Result<Response, Problem> {
///     health::answer(&request, async { [Dependency::ask("cosmosDb", app.ping()).await] }).await
/// }
/// ```
///
/// # Errors
/// 400 for another probe; 503 that names the dependencies that are down.
pub async fn answer(
    request: &Request,
    dependencies: impl Future<Output: AsRef<[Dependency]>>,
) -> Result<Response, Problem> {
    match request.param("probe")? {
        Probe::Live => Ok(live()),
        Probe::Ready => ready(dependencies.await.as_ref()),
    }
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
    Err(Problem::of(&UNAVAILABLE)
        .detail(format!("not answering: {}; the log says why", down.join(", ")))
        .with("dependencies", dependencies)
        .retry_after(RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready as answers;

    #[tokio::test]
    async fn ready_names_what_is_down_and_not_why() {
        let down = Dependency::ask("storage", answers(Err::<(), _>("secret name")));
        let up = Dependency::ask("cosmosDb", answers(Ok::<_, String>(())));
        let (up, down) = (up.await, down.await);
        let problem = ready(&[up.clone(), down]).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "503 unavailable: not answering: storage; the log says why"
        );
        let answer = ready(&[up]).unwrap();
        let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(
            (&body["status"], &body["dependencies"][0]["status"]),
            (&"ready".into(), &"up".into())
        );
    }

    #[test]
    fn there_are_two_probes() {
        assert_eq!("live".parse(), Ok(Probe::Live));
        assert_eq!("happy".parse::<Probe>(), Err("must be live or ready"));
    }
}
