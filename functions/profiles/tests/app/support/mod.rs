//! What only this app's tests do: register, subscribe, and play the photos app, whose queues these are.

use app_tests::{Answer, Method, Platform, Setup, this_app};
use serde_json::{Value, json};
use std::{ops::Deref, time::Duration};

/// The profiles of the sample data.
pub(crate) const KIM: &str = "01980c6e-1111-7000-8000-000000000001";
/// The queue in which the photos app says what became of photos.
pub(crate) const DECISIONS: &str = "photo-decisions";
/// Where a decision ends on which the app fails again and again.
pub(crate) const POISON: &str = "photo-decisions-poison";
/// The queue in which the app tells who was erased.
pub(crate) const ERASURES: &str = "photo-erasures";
/// The queue in which it tells the accounts app.
pub(crate) const ACCOUNTS_ERASURES: &str = "accounts-erasures";
/// The queue in which it tells the sales app.
pub(crate) const SALES_ERASURES: &str = "sales-erasures";
/// The queue in which it tells the app of the lake.
pub(crate) const EVENTS_ERASURES: &str = "events-erasures";
/// What a message is hidden after a failure: `visibilityTimeout` of host.json, and a little.
const RETRY: Duration = Duration::from_secs(31);

/// This app on a platform of its own, with the sample data and the queues of its neighbours.
pub(crate) struct TestApp(Platform);

impl Deref for TestApp {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.0
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::on(Setup::of(this_app!())).await
    }

    /// With a setting in place of the one that works locally.
    pub(crate) async fn with(setting: &str, value: &str) -> Self {
        Self::on(Setup::of(this_app!()).setting(setting, value)).await
    }

    /// On a platform of its own kind.
    pub(crate) async fn on(setup: Setup) -> Self {
        let platform = setup.start().await;
        let told = [ERASURES, ACCOUNTS_ERASURES, SALES_ERASURES, EVENTS_ERASURES];
        for queue in [DECISIONS, POISON].into_iter().chain(told) {
            platform.queue(queue).create().await;
        }
        Self(platform)
    }

    pub(crate) async fn register(&self, email: &str, user_name: &str) -> Answer {
        self.post("/v1/register", &registration(email, user_name)).await
    }

    /// A PUT without a body, by which a profile subscribes to a service.
    pub(crate) async fn subscribe(&self, path: &str) -> Answer {
        self.request(Method::PUT, path).send().await
    }

    /// What is stored of a profile.
    pub(crate) async fn stored_profile(&self, id: &str) -> Value {
        self.documents("profiles").get(id, id).await.unwrap()
    }

    /// Says what became of a photo.
    pub(crate) async fn decide(&self, event: &Value) {
        self.queue(DECISIONS).send_json(event).await;
    }

    /// Waits until no decision is left to be dealt with.
    pub(crate) async fn all_decided(&self) {
        self.eventually("the end of the decisions", async || self.are_all_decided().await).await;
    }

    /// As `all_decided`, where messages fail: time goes on by what a message is hidden after a failure.
    pub(crate) async fn all_decided_in_the_end(&self) {
        self.with_time("the end of the decisions", async || self.are_all_decided().await).await;
    }

    /// Waits for what only comes when messages are tried again.
    pub(crate) async fn with_time<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        self.eventually_with_time(what, RETRY, look).await
    }

    async fn are_all_decided(&self) -> Option<()> {
        (self.queue(DECISIONS).length().await == 0).then_some(())
    }

    /// The dead letters, oldest first.
    pub(crate) async fn letters(&self) -> Vec<Value> {
        let letters = self.get("/profiles/v1/dead-letters").await.expect(200).json();
        letters["items"].as_array().unwrap().clone()
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

/// What the photos app says about a photo; the contract is its photo-decided.schema.json.
pub(crate) fn decided(profile: &str, photo: &str, state: &str, revision: u32) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{photo}-{revision}"), "source": "/photos",
        "type": "com.iommi.photos.decided.v1", "subject": profile, "time": "2026-03-01T08:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "photoId": photo, "profileId": profile, "state": state, "reason": null, "revision": revision,
            "decidedAt": "2026-03-01T08:00:00Z",
        },
    })
}
