//! How the platform is reached: by clients that ask again, and by those who operate it.

use std::collections::BTreeMap;
use std::time::Duration;

use local_host::ExternalServices;
use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::layout::{DATA, HOST, Layout};
use super::platform::{DEADLINE, LOOK_EVERY};
use crate::queues::signature;

/// The longest wait for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// How much of what a simulator is asked a fault of [`Addresses::spoil`] strikes.
const SPOILED: f64 = 0.3;

/// How the platform is reached; processes come and go, addresses stay.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub(super) http: reqwest::Client,
    /// Of the host and the simulators.
    urls: BTreeMap<&'static str, String>,
    pub(super) services: ExternalServices,
    pub(super) signature: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// JSON, else the text.
    pub body: Value,
}

impl Answer {
    /// A header that is there once, and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Addresses {
    pub(super) fn of(layout: &Layout, simulators: &[&'static str]) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(ANSWER_TIMEOUT);
        let parts = simulators.iter().copied().chain([HOST]);
        Self {
            http: http.build().unwrap(),
            urls: parts.map(|part| (part, layout.url(part))).collect(),
            services: layout.services(),
            signature: signature(),
        }
    }

    /// `http://127.0.0.1:PORT` of [`HOST`] or a simulator.
    #[must_use]
    pub fn url(&self, part: &str) -> &str {
        self.urls.get(part).unwrap_or_else(|| panic!("no part is called {part:?}"))
    }

    /// A request to a path of the host such as `/v1/profiles`, or to a whole URL.
    pub fn request(&self, method: Method, url: &str) -> RequestBuilder {
        match url.strip_prefix('/') {
            Some(_) => self.http.request(method, format!("{}{url}", self.url(HOST))),
            None => self.http.request(method, url),
        }
    }

    /// A request with JSON.
    pub fn json(&self, method: Method, url: &str, body: &Value) -> RequestBuilder {
        let request = self.request(method, url).header("content-type", "application/json");
        request.body(body.to_string())
    }

    /// A request that reads.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// The answer, or none if it was lost.
    pub async fn send(&self, request: RequestBuilder) -> Option<Answer> {
        let answer = request.send().await.ok()?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.ok()?;
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Some(Answer { status, headers, body })
    }

    /// Asks until there is a definite answer, as a client does: an answer that was lost, 429, 5xx and `again` are none.
    pub async fn insist(
        &self,
        what: &str,
        again: impl Fn(&Answer) -> bool,
        request: impl Fn() -> RequestBuilder,
    ) -> Answer {
        let began = Instant::now();
        loop {
            let answer = self.send(request()).await;
            let said = match answer {
                Some(answer) if answer.status < 500 && answer.status != 429 && !again(&answer) => {
                    return answer;
                }
                Some(answer) => format!("{}: {}", answer.status, answer.body),
                None => "nothing".to_owned(),
            };
            assert!(began.elapsed() < DEADLINE, "{what}: {said}");
            sleep(LOOK_EVERY).await;
        }
    }

    /// Sends JSON until there is a definite answer.
    pub async fn ask(&self, method: Method, url: &str, body: &Value) -> Answer {
        self.insist(url, |_| false, || self.json(method.clone(), url, body)).await
    }

    /// What is there now; none if there is no answer, or not this one.
    pub async fn look(&self, url: &str) -> Option<Value> {
        let answer = self.send(self.get(url)).await?;
        (answer.status == 200).then_some(answer.body)
    }

    /// What the host's operators do, below `/admin/`; false if it does not answer, or refuses.
    pub async fn admin(&self, path: &str, body: &Value) -> bool {
        let done = self.send(self.json(Method::POST, &format!("/admin/{path}"), body)).await;
        done.is_some_and(|answer| answer.status < 300)
    }

    /// Starts a function as its timer would, such as `("sample", "sweep")`; the host may be dead.
    pub async fn start_timer(&self, (app, function): (&str, &str)) {
        self.admin(&format!("functions/{app}/{function}"), &serde_json::json!({})).await;
    }

    /// Replaces the faults of a simulator; what is left out is off.
    pub async fn put_faults(&self, simulator: &str, faults: &Value) {
        let url = format!("{}/faults", self.url(simulator));
        let answer = self.ask(Method::PUT, &url, faults).await;
        assert_eq!(answer.status, 200, "faults of {simulator}: {}", answer.body);
    }

    /// Makes a simulator do one of these wrong with some of what it is asked, in the place of what it did before.
    pub async fn spoil(&self, random: &mut SmallRng, simulator: &str, faults: &[&str]) {
        let fault = faults.choose(random).unwrap();
        let mut faults: Value = serde_json::from_str(fault).unwrap();
        faults["probability"] = SPOILED.into();
        faults["seed"] = random.random::<u32>().into();
        self.put_faults(simulator, &faults).await;
    }

    /// Whether a part serves.
    pub(super) async fn answers(&self, part: &str) -> bool {
        let url = match part {
            DATA => format!("{}dbs", self.services.cosmos),
            HOST => "/admin/host/status".to_owned(),
            simulator => format!("{}/health", self.url(simulator)),
        };
        self.send(self.get(&url)).await.is_some_and(|answer| answer.status < 500)
    }
}
