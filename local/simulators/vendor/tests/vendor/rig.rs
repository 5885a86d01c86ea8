//! A vendor, its platform, and a client of its API.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use simulator_shell::{Clock, Running};
use vendor::{Faults, LOCAL_KEY, Options, Vendor};

use crate::platform::{Came, FakePlatform};

/// A condition that is not met for so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const SERVICE: &str = "vend-night-watch";

pub(crate) struct Rig {
    pub(crate) vendor: Vendor,
    platform: FakePlatform,
    running: Running<FakePlatform>,
    pub(crate) http: Client,
    /// Stands still unless it is moved.
    pub(crate) clock: Clock,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::with(|options| options).await
    }

    pub(crate) async fn with(change: impl FnOnce(Options) -> Options) -> Self {
        let clock = Clock::stopped_at(jiff::Timestamp::now());
        let (platform, running) = FakePlatform::start(clock.clone()).await;
        let options = Options { clock: clock.clone(), ..Options::ephemeral(running.url()) };
        let vendor = vendor::start(change(options)).await.unwrap();
        Self { vendor, platform, running, http: http(), clock }
    }

    /// Ended as a kill would, and started again with what is in a directory.
    pub(crate) async fn restarted(self, dir: &Path) -> Self {
        let Self { vendor, platform, running, http, clock } = self;
        drop(vendor);
        let options = Options {
            data: Some(dir.to_owned()),
            clock: clock.clone(),
            ..Options::ephemeral(running.url())
        };
        // The lock goes with the last task of the one that was.
        let began = Instant::now();
        let vendor = loop {
            match vendor::start(options.clone()).await {
                Ok(vendor) => break vendor,
                Err(error) => assert!(began.elapsed() < DEADLINE, "{error}"),
            }
            tokio::task::yield_now().await;
        };
        Self { vendor, platform, running, http, clock }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.vendor.url())
    }

    pub(crate) fn faults(&self, line: &str) {
        self.vendor.set_faults(line.parse::<Faults>().unwrap()).unwrap();
    }

    /// The platform is down, or well again.
    pub(crate) async fn platform_is(&self, faults: &Value) {
        let url = format!("{}faults", self.running.url());
        self.http.put(url).json(faults).send().await.unwrap().error_for_status().unwrap();
    }

    /// Webhooks that the platform was sent.
    pub(crate) fn came(&self) -> Vec<Came> {
        self.platform.came()
    }

    /// Waits until it was sent so many; all of them.
    pub(crate) async fn came_times(&self, count: usize) -> Vec<Came> {
        self.eventually(async || {
            let came = self.came();
            (came.len() >= count).then_some(came)
        })
        .await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).bearer_auth(LOCAL_KEY)
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.request(method, path).body(body.to_string()).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(Method::GET, path, &Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        self.http.get(self.url(path)).send().await.unwrap().text().await.unwrap()
    }

    /// Orders three licences of the night watch for 8 euros each.
    pub(crate) async fn order(&self, reference: &str) -> (u16, Value) {
        self.ask(Method::POST, "v1/orders", &wanted(reference)).await
    }

    /// An order that was made; its path.
    pub(crate) async fn ordered(&self, reference: &str) -> String {
        let (status, order) = self.order(reference).await;
        assert_eq!(status, 201, "{order}");
        path(&order)
    }

    /// The same as an attempt whose answer may be lost.
    pub(crate) async fn try_order(&self, reference: &str) -> Result<(), reqwest::Error> {
        let request = self.request(Method::POST, "v1/orders").body(wanted(reference).to_string());
        request.send().await.map(|_| ())
    }

    /// What is known of a client reference.
    pub(crate) async fn found(&self, reference: &str) -> Vec<Value> {
        let found = self.get(&format!("v1/orders?clientReference={reference}")).await;
        found["orders"].as_array().unwrap().clone()
    }

    /// Waits until the only webhook has ended like this.
    pub(crate) async fn webhook_ended(&self, outcome: &str) -> Value {
        self.eventually(async || {
            let webhooks = self.get("v1/simulation/webhooks").await;
            let first = webhooks["webhooks"][0].clone();
            (first["outcome"] == outcome).then_some(first)
        })
        .await
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

pub(crate) fn wanted(reference: &str) -> Value {
    json!({"clientReference": reference, "serviceId": SERVICE, "quantity": 3,
        "unitPrice": {"amount": "8.00", "currency": "EUR"}})
}

pub(crate) fn path(order: &Value) -> String {
    format!("v1/orders/{}", order["orderId"].as_str().unwrap())
}

/// An HTTP client that gives up rather than hang, and follows no redirects.
pub(crate) fn http() -> Client {
    // reqwest asks for a TLS implementation even where none is used; the second test of a process finds one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirect = reqwest::redirect::Policy::none();
    Client::builder().no_proxy().redirect(redirect).timeout(DEADLINE).build().unwrap()
}
