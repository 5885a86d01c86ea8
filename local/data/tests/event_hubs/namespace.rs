//! A running namespace, and how it is spoken to: plain HTTP, as handlers and the local host speak.

use std::time::Duration;

use local_data::{DataServices, HubEvent, NEXT_SEQUENCE_NUMBER, Options, Position};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A test that waits longer than this for an answer has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// The services, and an HTTP client.
pub(crate) struct Namespace {
    pub(crate) services: DataServices,
    pub(crate) http: reqwest::Client,
}

/// What an answer said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Namespace {
    /// One in memory with the hub `account`, which has four partitions.
    pub(crate) async fn with_accounts() -> Self {
        let namespace = Self::start(Options::ephemeral()).await;
        assert_eq!(namespace.declare("account", 4).await.status, 201);
        namespace
    }

    pub(crate) async fn start(options: Options) -> Self {
        // The HTTP client asks for a TLS implementation even where none is used; the second test of a process finds one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let services = DataServices::start(options).await.expect("the services start");
        let http = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
        Self { services, http }
    }

    /// A request to a path without its slash.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.services.event_hubs_url()))
    }

    /// A request to publish, by somebody with an identity.
    pub(crate) fn publish(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, &format!("{path}/messages")).bearer_auth("anybody")
    }

    /// A batch of texts, each with these broker properties.
    pub(crate) fn batch(&self, path: &str, items: &Value) -> RequestBuilder {
        self.publish(path)
            .header("content-type", "application/vnd.microsoft.servicebus.json")
            .body(items.to_string())
    }

    /// Sends one text with a key, or without.
    pub(crate) async fn send(&self, hub: &str, text: &str, key: Option<&str>) {
        let mut request = self.publish(hub).body(text.to_owned());
        if let Some(key) = key {
            request =
                request.header("BrokerProperties", json!({ "PartitionKey": key }).to_string());
        }
        assert_eq!(answer(request).await.status, 201);
    }

    pub(crate) async fn declare(&self, hub: &str, partitions: u32) -> Answer {
        let declaration = json!({ "partitions": partitions, "retentionHours": 24 });
        let path = format!("$local/eventhubs/{hub}");
        answer(self.request(Method::PUT, &path).body(declaration.to_string())).await
    }

    /// Events of a partition of `account`, in the group that every hub has.
    pub(crate) async fn read(&self, partition: u32, from: Position) -> Vec<HubEvent> {
        self.read_waiting(partition, from, Duration::ZERO).await.0
    }

    /// The same, waiting for the first of them; and where the next read begins.
    pub(crate) async fn read_waiting(
        &self,
        partition: u32,
        from: Position,
        wait: Duration,
    ) -> (Vec<HubEvent>, i64) {
        let path = format!(
            "$local/eventhubs/account/consumergroups/$Default/partitions/{partition}/events?from={from}&wait_ms={}",
            wait.as_millis()
        );
        let answer = self.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let next = answer.headers()[NEXT_SEQUENCE_NUMBER].to_str().unwrap().parse().unwrap();
        (HubEvent::read_all(answer.bytes().await.unwrap()).unwrap(), next)
    }

    /// The texts of all events of all partitions of `account`, by partition.
    pub(crate) async fn texts(&self) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for partition in 0..4 {
            all.push(self.read(partition, Position::Start).await.iter().map(text).collect());
        }
        all
    }
}

pub(crate) fn text(event: &HubEvent) -> String {
    String::from_utf8(event.body.to_vec()).unwrap()
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.text().await.unwrap(),
    }
}
