//! A network, its platform, and a client of its address.

use std::{
    path::Path,
    sync::MutexGuard,
    time::{Duration, Instant},
};

use card_network::{CardNetwork, Faults, Options};
use reqwest::Method;
use serde_json::{Value, json};
use simulator_shell::Running;

use crate::platform::{FakePlatform, Kept};

/// A condition that is not met for so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const KEY: &str = "a-key-for-tests";

pub(crate) struct Rig {
    pub(crate) network: CardNetwork,
    platform: FakePlatform,
    running: Running<FakePlatform>,
    http: reqwest::Client,
}

impl Rig {
    pub(crate) async fn start(faults: Faults) -> Self {
        let (platform, running) = FakePlatform::start().await;
        let network = card_network::start(options(&running, faults)).await.unwrap();
        Self { network, platform, running, http: http() }
    }

    /// With what it knows kept in a directory; ended as a kill would and started again.
    pub(crate) async fn restarted(self, dir: &Path) -> Self {
        let Self { network, platform, running, http } = self;
        drop(network);
        let options =
            Options { data: Some(dir.to_owned()), ..options(&running, Faults::default()) };
        // The lock goes with the last task of the one that was.
        let began = Instant::now();
        let network = loop {
            match card_network::start(options.clone()).await {
                Ok(network) => break network,
                Err(error) => assert!(began.elapsed() < DEADLINE, "{error}"),
            }
            tokio::task::yield_now().await;
        };
        Self { network, platform, running, http }
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.platform.0.lock().unwrap()
    }

    /// The platform is down, or well again.
    pub(crate) async fn platform_is(&self, faults: &Value) {
        let url = format!("{}faults", self.running.url());
        self.http.put(url).json(faults).send().await.unwrap().error_for_status().unwrap();
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.request(method, format!("{}{path}", self.network.url()));
        let answer = request.bearer_auth(KEY).body(body.to_string()).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, &Value::Null).await.1
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask(Method::POST, path, &body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask(Method::PUT, path, &body).await
    }

    /// Waits until nothing is to come; the state then.
    pub(crate) async fn drained(&self) -> Value {
        let began = Instant::now();
        loop {
            let state = self.get("v1/simulation").await;
            if state["open"] == json!(0) {
                return state;
            }
            assert!(began.elapsed() < DEADLINE, "{state}");
            tokio::task::yield_now().await;
        }
    }
}

fn options(platform: &Running<FakePlatform>, faults: Faults) -> Options {
    Options { key: Some(KEY.to_owned()), faults, ..Options::ephemeral(platform.url()) }
}

/// An HTTP client that gives up rather than hang.
pub(crate) fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap()
}
