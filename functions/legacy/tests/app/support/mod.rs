//! A platform of its own for each test.

mod documents;
mod events;
mod queues;

pub(crate) use contract_check::Answer;
pub(crate) use documents::{active, id};
pub(crate) use events::{is_event, keeps};

use contract_check::Contract;
use local_host::{AppSource, Executable, Host, Options};
use mainframe::{Faults, Mainframe};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::Command,
    sync::{LazyLock, Once, OnceLock},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// The longest a test waits for anything.
pub(crate) const DEADLINE: Duration = Duration::from_secs(90);
/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The program of the other app, built once for all tests: Cargo builds for a test only its own package's.
fn profiles() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let own = PathBuf::from(env!("CARGO_BIN_EXE_legacy"));
        let built =
            Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "profiles"]).status();
        assert!(built.unwrap().success(), "profiles must build");
        own.with_file_name(format!("profiles{}", std::env::consts::EXE_SUFFIX))
    };
    BUILT.get_or_init(build).clone()
}

/// This app's `openapi.yaml`.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| Contract::of(include_str!("../../../openapi.yaml")));
    &CONTRACT
}

/// `profiles` and `legacy` on a local host of their own.
pub(crate) struct TestApp {
    host: Host,
    http: reqwest::Client,
    contract: &'static Contract,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these settings over those of the sample.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        static TLS: Once = Once::new();
        TLS.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let profiles = Executable::Built(profiles());
        let apps = vec![
            AppSource::new("profiles", own.join("../profiles/src"), profiles),
            AppSource::new(
                "legacy",
                own.join("src"),
                Executable::Built(env!("CARGO_BIN_EXE_legacy").into()),
            ),
        ];
        let settings: BTreeMap<String, String> = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let host =
            local_host::start(Options { apps, settings, ..Options::for_tests() }).await.unwrap();
        let http = reqwest::Client::builder()
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let app = Self { host, http, contract: contract() };
        app.empty_feed().await;
        app
    }

    /// Takes what the sample profiles have caused.
    async fn empty_feed(&self) {
        let samples = include_str!("../../../../profiles/sample/profiles.json");
        let count = serde_json::from_str::<Vec<Value>>(samples).unwrap().len();
        self.messages(count).await;
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// The mainframe, with these faults.
    pub(crate) async fn mainframe(&self, faults: Faults) -> Mainframe {
        let options = mainframe::Options::ephemeral(self.queue_service(), self.blob_service());
        mainframe::start(mainframe::Options { faults, ..options }).await.unwrap()
    }

    /// What the mainframe has of a profile, once `fits` says so.
    pub(crate) async fn record(
        &self,
        mainframe: &Mainframe,
        id: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Value {
        let url = format!("{}records/{id}", mainframe.url());
        self.eventually("the mainframe's record", async || {
            let text = self.http.get(&url).send().await.ok()?.text().await.ok()?;
            serde_json::from_str::<Value>(&text).ok().filter(|record| fits(record))
        })
        .await
    }

    /// Waits for `look` to find something.
    pub(crate) async fn eventually<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(started.elapsed() < DEADLINE, "{what} did not come in {DEADLINE:?}");
            sleep(LOOK_EVERY).await;
        }
    }

    /// That many messages of the outbox, each held to its schema.
    pub(crate) async fn messages(&self, count: usize) -> Vec<Value> {
        let taken = std::sync::Mutex::new(Vec::new());
        self.eventually(&format!("{count} messages"), async || {
            let some = self.take("legacy-outbox").await;
            let mut taken = taken.lock().unwrap();
            taken.extend(some.iter().map(|text| serde_json::from_str::<Value>(text).unwrap()));
            (taken.len() >= count).then_some(())
        })
        .await;
        let taken = taken.into_inner().unwrap();
        taken.iter().for_each(is_event);
        taken
    }

    /// The open dead letters with this reason, once there are `count`.
    pub(crate) async fn letters(&self, reason: &str, count: usize) -> Vec<Value> {
        let path = format!("/ops/v1/dead-letters?reason={reason}&limit=100");
        self.eventually(&format!("{count} dead letters"), async || {
            let list = self.get(&path).await.expect(200).json();
            let items = list["items"].as_array().unwrap().clone();
            (items.len() == count).then_some(items)
        })
        .await
    }

    /// Where a profile stands, once `fits` says so.
    pub(crate) async fn sync(&self, id: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/ops/v1/legacy/profiles/{id}");
        self.eventually("the profile's standing", async || {
            let answer = self.get(&path).await;
            (answer.status == 200).then(|| answer.json()).filter(|sync| fits(sync))
        })
        .await
    }

    /// An answer of the mainframe.
    pub(crate) async fn answer(
        &self,
        name: &str,
        profile: &str,
        revision: u64,
        outcome: &str,
        code: Option<&str>,
    ) {
        let event = json!({
            "specversion": "1.0", "id": name, "source": "/mainframe", "type": "com.iommi.mainframe.answered.v1",
            "subject": profile, "time": "2026-03-01T08:00:00Z", "datacontenttype": "application/json",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "data": {"profileId": profile, "revision": revision, "outcome": outcome, "code": code,
                "reason": code.map(|_| "it has a reason"), "appliedRevision": null, "at": "2026-03-01T08:00:00Z"},
        });
        self.put_message("legacy-inbox", &event.to_string()).await;
    }

    /// Runs a timer's function now.
    pub(crate) async fn tick(&self, function: &str) {
        let url =
            format!("{}/admin/functions/legacy/{function}", self.host.url().trim_end_matches('/'));
        let request = self.http.post(url).header("content-type", "application/json").body("{}");
        let status = request.send().await.unwrap().status();
        assert_eq!(status, 202, "{function}");
    }

    /// A request to a path such as `/ops/v1/legacy`.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request<'_> {
        let url = format!("{}{path}", self.host.url().trim_end_matches('/'));
        Request { app: self, builder: self.http.request(method, url) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }
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

    pub(crate) async fn send(self) -> Answer {
        let request = self.builder.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.app.http.execute(request).await.unwrap();
        let answer = Answer::read(response).await.unwrap();
        if path.starts_with("/ops/") {
            self.app.contract.check(&method, &path, &answer);
        }
        answer
    }
}
