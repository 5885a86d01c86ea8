//! A mail service, its Event Grid topic, and a client of both.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use email::{Email, Faults, Options};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use simulator_shell::{Clock, Running};
use uuid::Uuid;

use crate::topic::FakeTopic;

/// A condition that is not met for so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const VERSION: &str = "api-version=2025-09-01";

pub(crate) struct Rig {
    pub(crate) email: Email,
    topic: FakeTopic,
    running: Running<FakeTopic>,
    pub(crate) http: Client,
    /// Stands still unless it is moved.
    pub(crate) clock: Clock,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::with(|options| options).await
    }

    pub(crate) async fn with(change: impl FnOnce(Options) -> Options) -> Self {
        let (topic, running) = FakeTopic::start().await;
        let clock = Clock::stopped_at(jiff::Timestamp::now());
        let options = Options { clock: clock.clone(), ..Options::ephemeral(running.url()) };
        let email = email::start(change(options)).await.unwrap();
        Self { email, topic, running, http: http(), clock }
    }

    /// Ended as a kill would, and started again with what is in a directory.
    pub(crate) async fn restarted(self, dir: &Path) -> Self {
        let Self { email, topic, running, http, clock } = self;
        drop(email);
        let options = Options {
            data: Some(dir.to_owned()),
            clock: clock.clone(),
            ..Options::ephemeral(running.url())
        };
        // The lock goes with the last task of the one that was.
        let began = Instant::now();
        let email = loop {
            match email::start(options.clone()).await {
                Ok(email) => break email,
                Err(error) => assert!(began.elapsed() < DEADLINE, "{error}"),
            }
            tokio::task::yield_now().await;
        };
        Self { email, topic, running, http, clock }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.email.url())
    }

    pub(crate) fn faults(&self, line: &str) {
        self.email.set_faults(line.parse::<Faults>().unwrap()).unwrap();
    }

    /// Event Grid is down, or well again.
    pub(crate) async fn topic_is(&self, faults: &Value) {
        let url = format!("{}faults", self.running.url());
        self.http.put(url).json(faults).send().await.unwrap().error_for_status().unwrap();
    }

    /// What was published.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.topic.events()
    }

    /// Waits until so much was published; all of it.
    pub(crate) async fn published(&self, count: usize) -> Vec<Value> {
        self.eventually(async || {
            let events = self.events();
            (events.len() >= count).then_some(events)
        })
        .await
    }

    pub(crate) fn sending(&self, id: Uuid, mail: &Value) -> RequestBuilder {
        let url = self.url(&format!("emails:send?{VERSION}"));
        let request = self.http.post(url).bearer_auth("loopback");
        request.header("operation-id", id.to_string()).body(mail.to_string())
    }

    pub(crate) async fn send(&self, id: Uuid, mail: &Value) -> (u16, Value) {
        told(self.sending(id, mail).send().await.unwrap()).await
    }

    /// Hands in a mail to an address; it was taken.
    pub(crate) async fn sent(&self, to: &str) -> Uuid {
        let id = Uuid::new_v4();
        let (status, answer) = self.send(id, &mail(to)).await;
        assert_eq!(status, 202, "{answer}");
        id
    }

    pub(crate) async fn asked(&self, id: Uuid) -> Response {
        let url = self.url(&format!("emails/operations/{id}?{VERSION}"));
        self.http.get(url).bearer_auth("loopback").send().await.unwrap()
    }

    pub(crate) async fn state(&self, id: Uuid) -> (u16, Value) {
        told(self.asked(id).await).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.request(method, self.url(path)).body(body.to_string());
        told(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(Method::GET, path, &Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// What was accepted for an address.
    pub(crate) async fn mails(&self, to: &str) -> Vec<Value> {
        let found = self.get(&format!("v1/simulation/mails?to={to}")).await;
        found["mails"].as_array().unwrap().clone()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        self.http.get(self.url(path)).send().await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn eventually<T>(&self, mut holds: impl AsyncFnMut() -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = holds().await {
                return found;
            }
            assert!(began.elapsed() < DEADLINE, "it does not come");
            tokio::task::yield_now().await;
        }
    }
}

pub(crate) fn mail(to: &str) -> Value {
    json!({
        "senderAddress": "billing@iommi.example",
        "content": {"subject": "Invoice IOEU-2026-000001", "plainText": "Dear Kim,\nthe invoice is attached.",
            "html": "<h1>Invoice</h1><script>alert(1)</script>"},
        "recipients": {"to": [{"address": to, "displayName": "Kim Åström"}]},
        "attachments": [{"name": "räkning.pdf", "contentType": "application/pdf", "contentInBase64": "JVBERi0xLjc="}],
        "userEngagementTrackingDisabled": true,
    })
}

pub(crate) async fn told(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

/// An HTTP client that gives up rather than hang, and follows no redirects.
pub(crate) fn http() -> Client {
    // reqwest asks for a TLS implementation even where none is used; the second test of a process finds one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirect = reqwest::redirect::Policy::none();
    Client::builder().no_proxy().redirect(redirect).timeout(DEADLINE).build().unwrap()
}
