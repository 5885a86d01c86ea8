//! A storage account and a mainframe that reads from it.

use std::time::{Duration, Instant};

use local_data::{DataServices, account_sas};
use mainframe::{Mainframe, Options};
use serde_json::{Value, json};

/// A condition that is not met for so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
const QUEUES: [&str; 3] = ["legacy-outbox", "legacy-outbox-poison", "legacy-inbox"];

/// An HTTP client that gives up rather than hang.
fn http() -> reqwest::Client {
    // It asks for a TLS implementation even where none is used; the second test of a process finds one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap()
}

/// The storage account, and clients for it.
pub(crate) struct Account {
    pub(crate) services: DataServices,
    http: reqwest::Client,
    sas: String,
}

impl Account {
    /// An account in memory with the queues of the `legacy` app and its container.
    pub(crate) async fn start() -> Self {
        let services = DataServices::start(local_data::Options::ephemeral()).await.unwrap();
        let http = http();
        let account =
            Self { services, http, sas: account_sas("2099-01-01T00:00:00Z".parse().unwrap()) };
        for queue in QUEUES {
            account.put(&account.queue(queue), "").await;
        }
        let container = format!(
            "{}/legacy-payloads?restype=container&{}",
            account.services.blob_url(),
            account.sas
        );
        account.put(&container, "").await;
        account
    }

    /// What a mainframe without pauses or faults is started with.
    pub(crate) fn options(&self) -> Options {
        let address = |url: &str| format!("{url}?{}", self.sas);
        Options::ephemeral(address(self.services.queue_url()), address(self.services.blob_url()))
    }

    /// Sends a change to the mainframe.
    pub(crate) async fn send(&self, event: &Value) {
        self.send_text(&base64(&event.to_string())).await;
    }

    /// Sends a text as it is.
    pub(crate) async fn send_text(&self, text: &str) {
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let url = self.queue("legacy-outbox/messages");
        self.http.post(url).body(body).send().await.unwrap().error_for_status().unwrap();
    }

    /// Stores a payload.
    pub(crate) async fn store(&self, name: &str, payload: &Value) {
        let url = format!("{}/legacy-payloads/{name}?{}", self.services.blob_url(), self.sas);
        self.put(&url, &payload.to_string()).await;
    }

    /// Waits for so many answers, takes them from the queue and returns them in the order in which they came.
    pub(crate) async fn answers(&self, count: usize) -> Vec<Value> {
        let texts = self.take("legacy-inbox", count).await;
        texts.iter().map(|text| serde_json::from_slice(&unbase64(text)).unwrap()).collect()
    }

    /// Waits for so many messages in a queue, takes them and returns their texts.
    pub(crate) async fn take(&self, queue: &str, count: usize) -> Vec<String> {
        let began = Instant::now();
        let mut texts = Vec::new();
        while texts.len() < count {
            assert!(began.elapsed() < DEADLINE, "{} of {count} messages in {queue}", texts.len());
            let url =
                self.queue(&format!("{queue}/messages?numofmessages=32&visibilitytimeout=3600"));
            let list = self.http.get(url).send().await.unwrap().text().await.unwrap();
            texts.extend(elements(&list, "MessageText"));
        }
        texts
    }

    /// How many messages are in a queue, hidden ones included.
    pub(crate) async fn count(&self, queue: &str) -> u64 {
        let answer =
            self.http.get(self.queue(&format!("{queue}?comp=metadata"))).send().await.unwrap();
        answer.headers()["x-ms-approximate-messages-count"].to_str().unwrap().parse().unwrap()
    }

    /// Waits until `legacy-outbox` is empty.
    pub(crate) async fn emptied(&self) {
        let began = Instant::now();
        while self.count("legacy-outbox").await > 0 {
            assert!(began.elapsed() < DEADLINE, "messages stay in the outbox");
            tokio::task::yield_now().await;
        }
    }

    fn queue(&self, path: &str) -> String {
        let and = if path.contains('?') { '&' } else { '?' };
        format!("{}/{path}{and}{}", self.services.queue_url(), self.sas)
    }

    async fn put(&self, url: &str, body: &str) {
        let request =
            self.http.put(url).header("x-ms-blob-type", "BlockBlob").body(body.to_owned());
        request.send().await.unwrap().error_for_status().unwrap();
    }
}

/// The mainframe's own address.
pub(crate) struct Console {
    pub(crate) http: reqwest::Client,
    url: String,
}

impl Console {
    pub(crate) fn of(mainframe: &Mainframe) -> Self {
        let http = http();
        Self { http, url: mainframe.url().to_owned() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A JSON answer and its status.
    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.http.get(self.url(path))).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.http.put(self.url(path)).json(body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.http.post(self.url(path)).json(body)).await
    }

    /// Waits until the status says so.
    pub(crate) async fn status_shows(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let (_, status) = self.get("status").await;
            if holds(&status) {
                return status;
            }
            assert!(began.elapsed() < DEADLINE, "{what}: {status}");
            tokio::task::yield_now().await;
        }
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A profile that changed.
pub(crate) fn changed(id: &str, revision: u64) -> Value {
    json!({
        "specversion": "1.0", "type": "com.iommi.legacy.profile-changed.v1", "source": "/legacy", "subject": id,
        "id": format!("{id}-{revision}"), "time": "2026-03-01T12:00:00Z", "revision": revision,
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=1",
        "datacontenttype": "application/json",
        "data": {"id": id, "revision": revision, "givenName": "Aino", "familyName": "Korhonen"},
    })
}

/// A profile that was erased.
pub(crate) fn erased(id: &str, revision: u64) -> Value {
    let mut event = changed(id, revision);
    event["type"] = json!("com.iommi.legacy.profile-erased.v1");
    event["data"] = json!({"id": id, "revision": revision, "erasedAt": "2026-03-01T12:00:00Z"});
    event
}

/// What answers say: profile, revision, outcome, and the revision of the record.
pub(crate) fn said(answers: &[Value]) -> Vec<(String, u64, String, Option<u64>)> {
    let said = answers.iter().map(|answer| {
        let data = &answer["data"];
        let text = |name: &str| data[name].as_str().unwrap().to_owned();
        (
            text("profileId"),
            data["revision"].as_u64().unwrap(),
            text("outcome"),
            data["appliedRevision"].as_u64(),
        )
    });
    let mut said: Vec<_> = said.collect();
    said.sort();
    said
}

pub(crate) fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1);
    parts.map(|part| part.split(&close).next().unwrap_or_default().to_owned()).collect()
}
