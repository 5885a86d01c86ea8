//! A platform of its own for each test, and a client whose methods read as a user's actions.

mod documents;
mod messages;

pub(crate) use contract_check::Answer;
pub(crate) use messages::decided;

use contract_check::Contract;
use local_host::{AppSource, Executable, Host, Options};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    sync::{LazyLock, Once},
    time::Duration,
};

/// The longest a test waits for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// The profiles of the sample data.
pub(crate) const KIM: &str = "01980c6e-1111-7000-8000-000000000001";

/// This app's `openapi.yaml`.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| Contract::of(include_str!("../../../openapi.yaml")));
    &CONTRACT
}

/// This app on a local host of its own, with the sample data.
pub(crate) struct TestApp {
    host: Host,
    http: reqwest::Client,
    contract: &'static Contract,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        static TLS: Once = Once::new();
        TLS.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
        let binary = Executable::Built(env!("CARGO_BIN_EXE_profiles").into());
        let apps = vec![AppSource::new("profiles", source, binary)];
        let host = local_host::start(Options { apps, ..Options::for_tests() }).await.unwrap();
        let http = reqwest::Client::builder().timeout(DEADLINE).build().unwrap();
        let app = Self { host, http, contract: contract() };
        app.create_queues().await;
        app
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// A request to a path such as `/v1/services`.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request<'_> {
        let url = format!("{}{path}", self.host.url().trim_end_matches('/'));
        Request { app: self, builder: self.http.request(method, url) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    pub(crate) async fn register(&self, email: &str, user_name: &str) -> Answer {
        let body = registration(email, user_name);
        self.request(Method::POST, "/v1/register").json(&body).send().await
    }

    pub(crate) async fn patch(&self, path: &str, etag: &str, patch: Value) -> Answer {
        let request = self.request(Method::PATCH, path).header("if-match", etag);
        request.merge_patch(&patch).send().await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path).send().await
    }

    pub(crate) async fn put(&self, path: &str) -> Answer {
        self.request(Method::PUT, path).send().await
    }
}

/// The body of a registration.
pub(crate) fn registration(email: &str, user_name: &str) -> Value {
    json!({
        "account": {"emailAddress": email, "userName": user_name},
        "givenName": "Robin", "familyName": "Okafor", "age": 30,
        "address": {"street": "1 Marina", "city": "Lagos", "country": "NG"},
    })
}

pub(crate) struct Request<'a> {
    app: &'a TestApp,
    builder: RequestBuilder,
}

impl Request<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn merge_patch(self, body: &Value) -> Self {
        self.body("application/merge-patch+json", body.to_string())
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }

    /// The answer, or why there was none: a test that kills processes expects that.
    pub(crate) async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let request = self.builder.build()?;
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.app.http.execute(request).await?;
        let answer = Answer::read(response).await?;
        if answer.status < 500 || !answer.body.is_empty() {
            self.app.contract.check(&method, &path, &answer);
        }
        Ok(answer)
    }

    pub(crate) async fn send(self) -> Answer {
        self.try_send().await.unwrap()
    }
}
