//! `credit`'s side: it seals an activity, stores it, and sends the job.

use app_tests::{BegunTrace, Platform, Setup, this_app};
use reqwest::Method;
use scorecard::Activity;
use sealing::{DataKey, WrappedKey, WrappingKeys};
use serde_json::{Value, json};

const JOBS: &str = "scoring-jobs";
const RESULTS: &str = "scoring-results";
const CONTAINER: &str = "credit-activity";
/// That of app.json.
const KEYS: &str = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=";
const TIMER: &str = "poison_queues";

pub(crate) struct Scoring {
    pub(crate) app: Platform,
    keys: WrappingKeys,
}

/// What a job says; each field may be changed before it is sent.
pub(crate) struct Job {
    pub(crate) assessment: String,
    pub(crate) path: String,
    pub(crate) key: WrappedKey,
    pub(crate) scorecard: &'static str,
    pub(crate) paths: u32,
    pub(crate) deadline: String,
}

impl Scoring {
    pub(crate) async fn start() -> Self {
        Self::of(Setup::of(this_app!())).await
    }

    pub(crate) async fn of(setup: Setup) -> Self {
        let scoring = Self { app: setup.start().await, keys: KEYS.parse().unwrap() };
        scoring.storage(CONTAINER, "restype=container&", Vec::new()).await;
        scoring
    }

    /// Stores the activity as `credit` does.
    pub(crate) async fn stored(&self, assessment: &str, activity: &Activity) -> Job {
        self.stored_bytes(assessment, &activity.to_bytes()).await
    }

    pub(crate) async fn stored_bytes(&self, assessment: &str, plain: &[u8]) -> Job {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(assessment, plain).unwrap();
        let path = format!("{assessment}/1/activity");
        self.storage(&format!("{CONTAINER}/{path}"), "", sealed).await;
        let key = self.keys.wrap(&key, assessment).unwrap();
        let deadline = "2199-01-01T00:00:00Z".to_owned();
        let assessment = assessment.to_owned();
        Job { assessment, path, key, scorecard: "2026-11", paths: 2_000, deadline }
    }

    async fn storage(&self, path: &str, query: &str, body: Vec<u8>) {
        let service = self.app.blob_service();
        let (url, signature) = service.split_once('?').unwrap();
        let url = format!("{}/{path}?{query}{signature}", url.trim_end_matches('/'));
        let put = self.app.http().request(Method::PUT, url).body(body);
        let put = put.header("x-ms-version", "2024-11-04").header("x-ms-blob-type", "BlockBlob");
        let answer = put.send().await.unwrap();
        assert_eq!(answer.status(), 201, "{answer:?}");
    }

    pub(crate) async fn send(&self, job: &Job) {
        self.app.queue(JOBS).send_json(&job.event()).await;
    }

    /// The job as one of this trace.
    pub(crate) async fn send_in(&self, job: &Job, trace: &BegunTrace) {
        let mut event = job.event();
        event["traceparent"] = json!(trace.traceparent);
        self.app.queue(JOBS).send_json(&event).await;
    }

    pub(crate) async fn send_text(&self, text: &str) {
        self.app.queue(JOBS).send_raw(text).await;
    }

    /// The next answer; it keeps its schema.
    pub(crate) async fn answer(&self) -> Value {
        let mut answers = self.answers(1).await;
        answers.remove(0)
    }

    /// So many answers; time passes while nothing happens.
    pub(crate) async fn answers(&self, count: usize) -> Vec<Value> {
        let mut answers = std::cell::RefCell::new(Vec::new());
        let look = async || {
            let taken = self.app.queue(RESULTS).take_json().await;
            let mut answers = answers.borrow_mut();
            answers.extend(taken);
            (answers.len() >= count).then_some(())
        };
        // Small: what computes meanwhile has a deadline by the same clock.
        let step = std::time::Duration::from_secs(5);
        self.app.eventually_with_time("an answer", step, look).await;
        answers.get_mut().iter().for_each(keeps_its_schema);
        answers.into_inner()
    }

    pub(crate) async fn answers_of_poison(&self) {
        self.app.run_timer(TIMER).await;
    }

    /// Nothing waits to be worked at, and nothing is said.
    pub(crate) async fn is_silent(&self) {
        self.app.until_empty(&[JOBS, "scoring-jobs-poison"]).await;
        assert_eq!(self.app.queue(RESULTS).length().await, 0);
    }

    /// Waits until the handler has computed for four tenths of a second.
    #[cfg(target_os = "linux")]
    pub(crate) async fn computes(&self) {
        let computed = || {
            let pid = *self.app.host().handler_pids("scoring").first()?;
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            stat.rsplit_once(") ")?.1.split(' ').nth(11)?.parse::<u64>().ok()
        };
        let is_busy = async || (computed()? > 40).then_some(());
        self.app.eventually("a busy handler", is_busy).await;
    }
}

impl Job {
    pub(crate) fn event(&self) -> Value {
        let Self { assessment, path, key, scorecard, paths, deadline } = self;
        json!({
            "specversion": "1.0", "id": format!("{assessment}-1"), "source": "/credit",
            "type": "com.iommi.credit.activity-stored.v1", "subject": assessment,
            "time": "2026-11-29T08:00:00Z", "datacontenttype": "application/json",
            "data": { "attempt": 1, "path": path, "key": key, "scorecard": scorecard, "paths": paths, "deadline": deadline },
        })
    }
}

fn keeps_its_schema(event: &Value) {
    let schema = match event["type"].as_str().unwrap() {
        "com.iommi.scoring.scored.v1" => include_str!("../../messages/scored.schema.json"),
        "com.iommi.scoring.unscoreable.v1" => {
            include_str!("../../messages/unscoreable.schema.json")
        }
        "com.iommi.scoring.gave-up.v1" => include_str!("../../messages/gave-up.schema.json"),
        other => panic!("{other}"),
    };
    let schema = serde_json::from_str(schema).unwrap();
    let mistakes: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&event["data"])
        .map(|error| error.to_string())
        .collect();
    assert_eq!(mistakes, [""; 0], "{event}");
}
