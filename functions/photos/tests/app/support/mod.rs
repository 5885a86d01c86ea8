//! A platform of its own for each test, and a client whose methods read as a user's actions.

mod binaries;
mod documents;
mod pictures;
mod uploading;

pub(crate) use contract_check::Answer;
pub(crate) use pictures::{Scene, with_exif};

use content_safety::Simulator;
use contract_check::Contract;
use local_host::{AppSource, Executable, Host, Options};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{LazyLock, Once},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// The longest a test waits for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(90);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// A profile of the sample data.
pub(crate) const KIM: &str = "01980c6e-1111-7000-8000-000000000001";

pub(crate) const VARIANTS: [&str; 3] = ["original", "large", "thumb"];

/// This app's `openapi.yaml`.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| Contract::of(include_str!("../../../openapi.yaml")));
    &CONTRACT
}

/// This app and `profiles` on a local host of their own, with the sample data and a Content Safety of their own.
pub(crate) struct TestApp {
    host: Host,
    http: reqwest::Client,
    contract: &'static Contract,
    content_safety: Simulator,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings in place of those of `local.settings.sample.json`.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        static TLS: Once = Once::new();
        TLS.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let content_safety =
            content_safety::start(content_safety::Options::ephemeral()).await.unwrap();
        let mut all = BTreeMap::from([("CONTENT_SAFETY_ENDPOINT".into(), content_safety.url())]);
        all.extend(settings.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let options = Options { apps: apps(), settings: all, ..Options::for_tests() };
        let host = local_host::start(options).await.unwrap();
        let http = reqwest::Client::builder().timeout(DEADLINE).build().unwrap();
        Self { host, http, contract: contract(), content_safety }
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    pub(crate) fn content_safety(&self) -> &Simulator {
        &self.content_safety
    }

    /// A request to a path such as `/v1/photos/docs`.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request<'_> {
        let url = format!("{}{path}", self.host.url().trim_end_matches('/'));
        Request { app: self, builder: self.http.request(method, url) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path).send().await
    }

    pub(crate) async fn photo(&self, id: &str) -> Answer {
        self.get(&format!("/v1/photos/{id}")).await
    }

    pub(crate) async fn content(&self, id: &str, variant: &str) -> Answer {
        self.get(&format!("/v1/photos/{id}/content/{variant}")).await
    }

    pub(crate) async fn appeal(&self, id: &str) -> Answer {
        self.request(Method::POST, &format!("/v1/photos/{id}/appeal")).send().await
    }

    /// Waits until the photo is in this state.
    pub(crate) async fn wait_for(&self, id: &str, state: &str) -> Value {
        let what = format!("photo {id} to be {state}");
        self.wait_until(&what, || async {
            let photo = self.photo(id).await.expect(200).json();
            (photo["state"] == state).then_some(photo)
        })
        .await
    }

    /// Waits until `look` finds something.
    pub(crate) async fn wait_until<T, F: Future<Output = Option<T>>>(
        &self,
        what: &str,
        look: impl Fn() -> F,
    ) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if started.elapsed() > DEADLINE {
                let last: Vec<_> = self.host.invocations().into_iter().rev().take(8).collect();
                panic!("waited {DEADLINE:?} for {what}; the last invocations: {last:#?}");
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// No variant of the photo can be seen.
    pub(crate) async fn expect_hidden(&self, id: &str) {
        for variant in VARIANTS {
            self.content(id, variant).await.refused(404, "no-such-photo", &[]);
        }
    }

    /// Runs a function that is not HTTP, as its trigger would.
    pub(crate) async fn invoke(&self, function: &str, input: &Value) {
        let path = format!("/admin/functions/photos/{function}");
        let input = input.as_str().map_or_else(|| input.to_string(), str::to_owned);
        let answer = self.request(Method::POST, &path).json(&json!({ "input": input })).raw().await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }
}

fn apps() -> Vec<AppSource> {
    let app = |name: &str, binary| {
        let source = binaries::workspace().join("functions").join(name).join("src");
        AppSource::new(name, source, Executable::Built(binary))
    };
    vec![app("profiles", binaries::profiles()), app("photos", binaries::photos())]
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

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }

    /// The answer, checked against the contract.
    pub(crate) async fn send(self) -> Answer {
        let request = self.builder.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.app.http.execute(request).await.unwrap();
        let answer = Answer::read(response).await.unwrap();
        self.app.contract.check(&method, &path, &answer);
        answer
    }

    /// The answer of something that is not this app.
    pub(crate) async fn raw(self) -> Answer {
        Answer::read(self.builder.send().await.unwrap()).await.unwrap()
    }
}
