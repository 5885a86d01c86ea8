//! A platform of its own for each test, and what a user of this app does there.

mod events;
mod profiles;

pub(crate) use app_tests::Answer;
pub(crate) use events::{is_event, keeps};
pub(crate) use profiles::{active, id, tombstone};

use app_tests::{Platform, Setup, this_app};
use mainframe::{Faults, Mainframe};
use serde_json::{Value, json};
use std::ops::Deref;

/// `profiles` and `legacy` on a local host of their own.
pub(crate) struct TestApp(Platform);

impl Deref for TestApp {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.0
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these settings over those that work locally.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        Self::of(Setup::of(this_app!()).settings(settings)).await
    }

    pub(crate) async fn of(setup: Setup) -> Self {
        let app = Self(setup.neighbour("profiles").start().await);
        app.empty_feed().await;
        app
    }

    /// Takes what the sample profiles have caused.
    async fn empty_feed(&self) {
        let samples = include_str!("../../../../profiles/sample/profiles.json");
        let count = serde_json::from_str::<Vec<Value>>(samples).unwrap().len();
        self.messages(count).await;
    }

    /// Puts a document where the change feed finds it.
    pub(crate) async fn upsert(&self, profile: &Value) {
        let id = profile["id"].as_str().unwrap();
        self.documents_of("profiles", "profiles").put(id, profile).await;
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
            let text = self.http().get(&url).send().await.ok()?.text().await.ok()?;
            serde_json::from_str::<Value>(&text).ok().filter(|record| fits(record))
        })
        .await
    }

    /// That many messages of the outbox, each held to its schema.
    pub(crate) async fn messages(&self, count: usize) -> Vec<Value> {
        let taken = std::sync::Mutex::new(Vec::new());
        self.eventually(&format!("{count} messages"), async || {
            let some = self.queue("legacy-outbox").take_json().await;
            let mut taken = taken.lock().unwrap();
            taken.extend(some);
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
        self.answer_in("legacy-inbox", name, profile, revision, outcome, code).await;
    }

    /// An answer of the mainframe, in this queue.
    pub(crate) async fn answer_in(
        &self,
        queue: &str,
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
        self.queue(queue).send_json(&event).await;
    }
}
