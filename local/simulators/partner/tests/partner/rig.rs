//! A partner, and a sender of webhooks.

use std::{io::BufRead as _, path::Path, time::Duration};

use jiff::{SignedDuration, Timestamp};
use partner::{Faults, Options, Partner};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use simulator_shell::Running;
use webhooks::{Headers, MessageId, Secret, Signer};

/// What does not come within it has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const BODY: &str =
    r#"{"type":"invoice.paid","timestamp":"2026-11-30T09:12:00Z","data":{"invoice":"42"}}"#;

pub(crate) struct Rig {
    partner: Running<Partner>,
    http: reqwest::Client,
    /// What the receiver `main` believes.
    pub(crate) secret: Secret,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        let partner = partner::start(Options::ephemeral()).await.unwrap();
        let rig = Self { partner, http: http(), secret: Secret::generate() };
        rig.believes("main", &[rig.secret.expose()]).await;
        rig
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.partner.url())
    }

    pub(crate) async fn believes(&self, receiver: &str, keys: &[String]) {
        let path = format!("v1/simulation/receivers/{receiver}");
        let (status, _) = self.ask(Method::PUT, &path, &json!({"keys": keys})).await;
        assert_eq!(status, 200);
    }

    pub(crate) fn faults(&self, faults: &str) {
        self.partner.set_faults(faults.parse::<Faults>().unwrap()).unwrap();
    }

    /// Sends `BODY` to `main`, signed now with its secret.
    pub(crate) async fn send(&self, id: &str) -> Response {
        self.send_signed("main", &signed(&Signer::new(self.secret.clone()), id, 0), BODY).await
    }

    pub(crate) async fn send_signed(
        &self,
        receiver: &str,
        headers: &Headers,
        body: &str,
    ) -> Response {
        self.try_sending(receiver, headers, body, DEADLINE).await.unwrap()
    }

    pub(crate) async fn try_sending(
        &self,
        receiver: &str,
        headers: &Headers,
        body: &str,
        deadline: Duration,
    ) -> Result<Response, reqwest::Error> {
        let url = self.url(&format!("hooks/{receiver}"));
        let request = self.http.post(url).timeout(deadline).body(body.to_owned());
        headers
            .pairs()
            .iter()
            .fold(request, |r, (name, value)| r.header(*name, *value))
            .send()
            .await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.request(method, self.url(path)).body(body.to_string());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, &Value::Null).await.1
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        self.http.get(self.url(path)).send().await.unwrap().text().await.unwrap()
    }

    /// The only message of that id that came to a receiver.
    pub(crate) async fn received(&self, receiver: &str, id: &str) -> Value {
        let path = format!("v1/simulation/received?receiver={receiver}&id={id}");
        let received = self.get(&path).await;
        assert_eq!(received["messages"].as_array().unwrap().len(), 1, "{received}");
        received["messages"][0].clone()
    }
}

/// The headers of an attempt that was made so many seconds from now.
pub(crate) fn signed(signer: &Signer, id: &str, seconds: i64) -> Headers {
    let id: MessageId = id.parse().unwrap();
    signer.sign(&id, Timestamp::now() + SignedDuration::from_secs(seconds), BODY.as_bytes())
}

/// An HTTP client that gives up rather than hang, and follows no redirects.
pub(crate) fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE);
    client.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A partner in a process of its own, killed when it is dropped; its address.
pub(crate) struct Process(std::process::Child, pub(crate) String);

impl Process {
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_partner"))
            .env("PORT", "0")
            .env("DATA_DIR", data)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("partner ").unwrap().to_owned();
        Self(child, address)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}
