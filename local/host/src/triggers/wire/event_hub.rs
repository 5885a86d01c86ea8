//! An event hub of the data services, as they are spoken to on this machine (`local/data/src/event_hubs/rest`).

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use local_data::{HubEvent, NEXT_SEQUENCE_NUMBER, Position};
use local_wire::{HttpClient, WireError, escape, xml};
use serde_json::{Value, json};

/// Bytes of one batch, at most: below the service's megabyte, with room for what is around an event.
const BATCH_MAX_BYTES: usize = 1_000_000;
/// What an event takes besides its text, about.
const EVENT_OVERHEAD_BYTES: usize = 64;

/// An event hub.
#[derive(Clone, Debug)]
pub(crate) struct EventHub {
    base: String,
    namespace: String,
    name: String,
    client: Arc<HttpClient>,
}

/// What a read found.
#[derive(Clone, Debug)]
pub(crate) struct HubPage {
    pub(crate) events: Vec<HubEvent>,
    /// Where the next read begins, also when there was nothing.
    pub(crate) next: i64,
}

/// What is read of a partition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HubRead<'a> {
    pub(crate) group: &'a str,
    pub(crate) partition: &'a str,
    pub(crate) from: Position,
    pub(crate) max: usize,
    /// How long to wait for the first event; less than the client's deadline.
    pub(crate) wait: Duration,
}

impl EventHub {
    /// The hub `name` of the service at `base`; `namespace` is what checkpoints and functions are told it is called.
    pub(crate) fn new(base: &str, namespace: &str, name: &str, client: Arc<HttpClient>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { base, namespace: namespace.to_owned(), name: name.to_owned(), client }
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The names of its partitions.
    pub(crate) async fn partitions(&self) -> Result<Vec<String>, WireError> {
        let operation = format!("looking at the partitions of event hub {}", self.name);
        let path = format!("/$local/eventhubs/{}", escape(&self.name));
        let answer = self.call(&operation, Method::GET, &path, None, Bytes::new()).await?;
        let hub: Value = serde_json::from_slice(answer.body())
            .map_err(|error| WireError::unreadable(&operation, error))?;
        let count = hub["partitions"].as_array().map_or(0, Vec::len);
        Ok((0..count).map(|number| number.to_string()).collect())
    }

    /// Reads events of a partition, in their order.
    pub(crate) async fn read(&self, read: HubRead<'_>) -> Result<HubPage, WireError> {
        let HubRead { group, partition, from, max, wait } = read;
        let operation = format!("reading partition {partition} of event hub {}", self.name);
        let path = format!(
            "/$local/eventhubs/{}/consumergroups/{}/partitions/{}/events?from={from}&max={max}&wait_ms={}",
            escape(&self.name),
            escape(group),
            escape(partition),
            wait.as_millis()
        );
        let answer = self.call(&operation, Method::GET, &path, None, Bytes::new()).await?;
        let next = answer.headers().get(NEXT_SEQUENCE_NUMBER).and_then(|next| next.to_str().ok());
        let next = next.and_then(|next| next.parse().ok());
        let next = next
            .ok_or_else(|| WireError::unreadable(&operation, "it does not say where to go on"))?;
        let events = HubEvent::read_all(answer.into_body())
            .map_err(|error| WireError::unreadable(&operation, error))?;
        Ok(HubPage { events, next })
    }

    /// Sends events to whichever partition: texts in batches, each of which stays together; other bytes alone.
    pub(crate) async fn publish(&self, events: &[Vec<u8>]) -> Result<(), WireError> {
        let mut batch: Vec<Value> = Vec::new();
        let mut bytes = 0;
        for event in events {
            let Ok(text) = std::str::from_utf8(event) else {
                self.publish_batch(&std::mem::take(&mut batch)).await?;
                bytes = 0;
                self.post(None, event.clone().into()).await?;
                continue;
            };
            let size = text.len() + EVENT_OVERHEAD_BYTES;
            if bytes + size > BATCH_MAX_BYTES {
                self.publish_batch(&std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
            bytes += size;
            batch.push(json!({ "Body": text }));
        }
        self.publish_batch(&batch).await
    }

    async fn publish_batch(&self, batch: &[Value]) -> Result<(), WireError> {
        if batch.is_empty() {
            return Ok(());
        }
        let content_type = "application/vnd.microsoft.servicebus.json";
        self.post(Some(content_type), Value::from(batch.to_vec()).to_string().into()).await
    }

    async fn post(&self, content_type: Option<&str>, body: Bytes) -> Result<(), WireError> {
        let operation = format!("sending to event hub {}", self.name);
        let path = format!("/{}/messages", escape(&self.name));
        self.call(&operation, Method::POST, &path, content_type, body).await.map(|_| ())
    }

    /// Sends a request; any status but 2xx is an error with the service's own words.
    async fn call(
        &self,
        operation: &str,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Result<Response<Bytes>, WireError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", "Bearer local");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request
            .body(Full::new(body))
            .map_err(|error| WireError::unreadable(operation, error))?;
        let response = self.client.send(operation, request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        Err(WireError::Refused {
            operation: operation.to_owned(),
            status,
            code: detail(response.body()),
        })
    }
}

/// What the service says, without the id by which Azure's support would find it.
fn detail(body: &Bytes) -> String {
    let errors = xml::records(&String::from_utf8_lossy(body), "Error").unwrap_or_default();
    let detail = errors.first().and_then(|error| error.get("Detail"));
    let text = detail.map_or("without a message", String::as_str);
    text.split(". TrackingId:").next().unwrap_or_default().to_owned()
}
