//! The queues between this app and the photos app, whose queues they are: a test plays the other side.

use super::{DEADLINE, TestApp};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const QUEUES: [&str; 3] = ["photo-decisions", "photo-decisions-poison", "photo-erasures"];
/// Between two looks at something that is to come.
const PAUSE: Duration = Duration::from_millis(50);
/// When nothing happened for so long, everything waits for its time.
const QUIET: Duration = Duration::from_millis(700);
/// What a message is hidden after a failure: `visibilityTimeout` of host.json, and a little.
const RETRY: Duration = Duration::from_secs(31);

impl TestApp {
    pub(super) async fn create_queues(&self) {
        for queue in QUEUES {
            let answer = self.http.put(self.queue(queue, "")).send().await.unwrap();
            assert!(answer.status().is_success(), "{answer:?}");
        }
    }

    /// Says what became of a photo.
    pub(crate) async fn decide(&self, event: &Value) {
        self.tell("photo-decisions", &event.to_string()).await;
    }

    pub(crate) async fn tell(&self, queue: &str, text: &str) {
        let text = STANDARD.encode(text);
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let url = self.queue(&format!("{queue}/messages"), "");
        let answer = self.http.post(url).body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// How many messages are in a queue, those in work and those put off included.
    pub(crate) async fn waiting(&self, queue: &str) -> u64 {
        let answer = self.http.get(self.queue(queue, "comp=metadata&")).send().await.unwrap();
        let count = &answer.headers()["x-ms-approximate-messages-count"];
        count.to_str().unwrap().parse().unwrap()
    }

    /// Takes what is in `photo-erasures`.
    pub(crate) async fn erasures(&self) -> Vec<Value> {
        let url = self.queue("photo-erasures/messages", "numofmessages=32&visibilitytimeout=3600&");
        let list = self.http.get(url).send().await.unwrap().text().await.unwrap();
        let texts = list.split("<MessageText>").skip(1);
        let texts = texts.map(|text| text.split('<').next().unwrap());
        texts.map(|text| serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap()).collect()
    }

    /// Waits until no decision is left to be dealt with.
    pub(crate) async fn all_decided(&self) {
        let empty = async || self.waiting("photo-decisions").await == 0;
        self.until("decisions are dealt with", empty).await;
    }

    /// As `all_decided`, where messages fail: when nothing has happened for a while, the queue's clock goes on by
    /// what a message is hidden after a failure.
    pub(crate) async fn all_decided_in_the_end(&self) {
        self.until_with_time_passing("decisions are dealt with", async || {
            self.waiting("photo-decisions").await == 0
        })
        .await;
    }

    /// Waits for a condition for which the queue's clock has to go on.
    pub(crate) async fn until_with_time_passing(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let started = Instant::now();
        let (mut last, mut since) = (0, Instant::now());
        while !holds().await {
            assert!(started.elapsed() < DEADLINE, "{what}: not yet");
            let now = self.host().invocations().len();
            if now != last {
                (last, since) = (now, Instant::now());
            } else if since.elapsed() > QUIET {
                self.host().data().clock().advance(RETRY);
                since = Instant::now();
            }
            sleep(PAUSE).await;
        }
    }

    /// Waits for a condition.
    pub(crate) async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let started = Instant::now();
        while !holds().await {
            assert!(started.elapsed() < DEADLINE, "{what}: not yet");
            sleep(PAUSE).await;
        }
    }

    fn queue(&self, path: &str, query: &str) -> String {
        let signature = local_data::account_sas("2099-01-01T00:00:00Z".parse().unwrap());
        format!("{}/{path}?{query}{signature}", self.host().queue_url())
    }
}

/// What the photos app says about a photo; the contract is functions/photos/events/photo-decided.schema.json.
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
