//! The app beside a partner that receives webhooks and believes only what is signed.

use crate::support::TestApp;
use app_tests::{Answer, Method};
use partner::{Faults, Options, Partner};
use serde_json::{Value, json};
use simulator_shell::{Clock, Running};
use std::ops::Deref;
use std::time::Duration;

/// How far time goes on when nothing happens.
pub(crate) const STEP: Duration = Duration::from_secs(2 * 60 * 60);

pub(crate) struct Hooked {
    app: TestApp,
    pub(crate) partner: Running<Partner>,
}

impl Deref for Hooked {
    type Target = TestApp;
    fn deref(&self) -> &TestApp {
        &self.app
    }
}

impl Hooked {
    pub(crate) async fn start() -> Self {
        let app = TestApp::start().await;
        // The platform's, so that what is signed days later is believed.
        let offset = app.host().clock().file().to_str().unwrap();
        let clock = Clock::from_env_values(Some(offset), false).unwrap();
        let partner = partner::start(Options { clock, ..Options::ephemeral() }).await.unwrap();
        Self { app, partner }
    }

    pub(crate) fn hook(&self, receiver: &str) -> String {
        format!("{}hooks/{receiver}", self.partner.url())
    }

    /// Adds an endpoint; the receiver believes its secret.
    pub(crate) async fn endpoint(&self, receiver: &str, more: Value) -> Value {
        let mut body = json!({ "url": self.hook(receiver), "signing": "v1" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.acme(Method::POST, "webhook-endpoints", &body).await.expect(201).json();
        let key = made["secret"].as_str().or(made["publicKey"].as_str()).unwrap().to_owned();
        self.believes(receiver, &[&key]).await;
        made
    }

    pub(crate) async fn believes(&self, receiver: &str, keys: &[&str]) {
        let path = format!("v1/simulation/receivers/{receiver}");
        self.control(reqwest::Method::PUT, &path, &json!({ "keys": keys })).await;
    }

    /// What came to a receiver, the oldest first.
    pub(crate) async fn received(&self, receiver: &str) -> Vec<Value> {
        let path = format!("v1/simulation/received?receiver={receiver}");
        let found = self.control(reqwest::Method::GET, &path, &Value::Null).await;
        found["messages"].as_array().unwrap().clone()
    }

    async fn control(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.partner.url());
        let request = self.http().request(method, url).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
    }

    pub(crate) fn misbehaves(&self, faults: &str) {
        self.partner.set_faults(faults.parse::<Faults>().unwrap()).unwrap();
    }

    /// Has `credit.test` sent: the delivery's path.
    pub(crate) async fn tested(&self, endpoint: &Value) -> String {
        let path = format!("webhook-endpoints/{}/test", endpoint["id"].as_str().unwrap());
        let delivery = self.acme(Method::POST, &path, &Value::Null).await.expect(202).json();
        format!("deliveries/{}", delivery["id"].as_str().unwrap())
    }

    pub(crate) async fn delivery_is(&self, path: &str, state: &str) -> Value {
        let look = async || {
            let delivery = self.read(path).await;
            (delivery["state"] == state).then_some(delivery)
        };
        self.eventually(&format!("the delivery to be {state}"), look).await
    }

    /// As [`Hooked::delivery_is`], for what comes with time.
    pub(crate) async fn delivery_will_be(&self, path: &str, state: &str) -> Value {
        let delivery = self.read(path).await;
        let (about, id) = (delivery["aboutId"].as_str().unwrap(), delivery["id"].as_str().unwrap());
        // Asked of the data: a request would be something that happens.
        let look = async || {
            let found = self.documents("deliveries").get(about, id).await?;
            (found["state"] == state).then_some(())
        };
        self.eventually_with_time(&format!("the delivery to be {state}"), STEP, look).await;
        self.read(path).await
    }

    /// Waits until a delivery was attempted so often.
    pub(crate) async fn attempted(&self, path: &str, times: u64) -> Value {
        let look = async || {
            let delivery = self.read(path).await;
            (delivery["attemptsMade"].as_u64() >= Some(times)).then_some(delivery)
        };
        self.eventually(&format!("{times} attempts"), look).await
    }

    pub(crate) async fn patched(&self, endpoint: &Value, patch: &Value) -> Answer {
        let path = format!("/credit/v1/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
        let request = self.request(Method::PATCH, &path);
        let request = request.header("iommi-subscription-key", crate::support::ACME);
        request.header("if-match", "*").merge_patch(patch).send().await
    }

    pub(crate) async fn endpoint_now(&self, endpoint: &Value) -> Value {
        self.read(&format!("webhook-endpoints/{}", endpoint["id"].as_str().unwrap())).await
    }
}
