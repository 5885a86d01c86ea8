//! A platform of its own for each test, and a client whose methods read as a user's actions.

mod documents;
mod moderating;
mod pictures;
mod uploading;

pub(crate) use app_tests::Answer;
pub(crate) use moderating::{MATEO, MONA, case_path};
pub(crate) use pictures::{Scene, animated, with_exif};

use app_tests::{Platform, Setup, this_app};
use content_safety::Simulator;
use reqwest::Method;
use serde_json::{Value, json};
use std::ops::Deref;

/// A profile of the sample data.
pub(crate) const KIM: &str = "01980c6e-1111-7000-8000-000000000001";

pub(crate) const VARIANTS: [&str; 3] = ["original", "large", "thumb"];

/// This app and `profiles`, with the sample data and a Content Safety of their own.
pub(crate) struct TestApp {
    platform: Platform,
    content_safety: Simulator,
}

/// The message that the profile is erased.
pub(crate) fn erased(id: &str) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{id}-2"), "source": "/profiles", "subject": id,
        "type": "com.iommi.profiles.erased.v1", "time": "2026-03-01T08:00:00Z",
        "datacontenttype": "application/json",
        "data": {"profileId": id, "erasedAt": "2026-03-01T08:00:00Z"},
    })
}

impl Deref for TestApp {
    type Target = Platform;

    fn deref(&self) -> &Platform {
        &self.platform
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings in place of those that work locally.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::with(|setup| setup.settings(settings)).await
    }

    pub(crate) async fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        let content_safety =
            content_safety::start(content_safety::Options::ephemeral()).await.unwrap();
        let setup = Setup::of(this_app!())
            .neighbour("profiles")
            .setting("CONTENT_SAFETY_ENDPOINT", content_safety.url());
        let platform = change(setup).start().await;
        // The apps that keep accounts and orders are not here: nobody else makes their queues.
        for queue in ["accounts-erasures", "sales-erasures"] {
            platform.queue(queue).create().await;
        }
        Self { platform, content_safety }
    }

    pub(crate) fn content_safety(&self) -> &Simulator {
        &self.content_safety
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
        let what = format!("photo {id}, {state},");
        self.eventually(&what, async || {
            let photo = self.photo(id).await.expect(200).json();
            (photo["state"] == state).then_some(photo)
        })
        .await
    }

    /// Waits until everything that follows from the photo's last change is done.
    pub(crate) async fn settled(&self, id: &str) {
        self.eventually("the duties to be done", || async {
            (self.document(id).await.unwrap()["duties"] == json!([])).then_some(())
        })
        .await;
    }

    /// No variant of the photo can be seen.
    pub(crate) async fn expect_hidden(&self, id: &str) {
        for variant in VARIANTS {
            self.content(id, variant).await.refused(404, "no-such-photo", &[]);
        }
    }

    /// Runs a function that is not HTTP, as its trigger would, and does not wait for its end.
    pub(crate) async fn invoke(&self, function: &str, input: &Value) {
        let path = format!("/admin/functions/photos/{function}");
        let input = input.as_str().map_or_else(|| input.to_string(), str::to_owned);
        let answer = self.request(Method::POST, &path).json(&json!({ "input": input })).raw().await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }
}
