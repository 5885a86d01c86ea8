//! Capture files as Event Hubs Capture writes them, and events as other apps send them.

use apache_avro::{Codec, DeflateSettings, Schema, Writer, types::Value as Avro};
use app_tests::{BegunTrace, Method, Platform, Setup, this_app};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ops::Deref;

/// The schema of capture files (<https://learn.microsoft.com/azure/event-hubs/explore-captured-avro-files>).
const CAPTURE_SCHEMA: &str = r#"{ "type": "record", "name": "EventData", "namespace": "Microsoft.ServiceBus.Messaging", "fields": [
    { "name": "SequenceNumber", "type": "long" }, { "name": "Offset", "type": "string" }, { "name": "EnqueuedTimeUtc", "type": "string" },
    { "name": "SystemProperties", "type": { "type": "map", "values": ["long", "double", "string", "bytes"] } },
    { "name": "Properties", "type": { "type": "map", "values": ["long", "double", "string", "bytes"] } },
    { "name": "Body", "type": ["null", "bytes"] }] }"#;
/// The day on which everything here happens.
pub(crate) const DAY: &str = "2026-10-12";
pub(crate) const ACTIVATED: &str = "com.iommi.profiles.account-activated.v1";
pub(crate) const LEAD: &str = "com.iommi.conversions.lead-generated.v1";

pub(crate) struct TestApp(Platform);

impl Deref for TestApp {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.0
    }
}

/// An account was activated, in this hour of the day.
pub(crate) fn activated(profile: &str, hour: u32) -> Value {
    event(
        ACTIVATED,
        "/profiles",
        &format!("{profile}-1-account-activated"),
        profile,
        hour,
        json!({ "profileId": profile }),
    )
}

/// A lead was generated for a person.
pub(crate) fn lead(id: &str, contact: &str, hour: u32) -> Value {
    let data = json!({ "leadId": id, "contactId": contact, "reason": "chosen" });
    event(LEAD, "/conversions", &format!("{id}-1-lead-generated"), id, hour, data)
}

fn event(kind: &str, source: &str, id: &str, subject: &str, hour: u32, data: Value) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": source, "type": kind, "subject": subject,
        "time": format!("{DAY}T{hour:02}:30:00Z"), "datacontenttype": "application/json", "data": data })
}

/// The name of a capture file.
pub(crate) fn name(hub: &str, partition: u32, minute: u32) -> String {
    format!("local/{hub}/{partition}/2026/10/12/08/{minute:02}/00.avro")
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::beside(&[]).await
    }

    /// With other apps around it.
    pub(crate) async fn beside(neighbours: &[&str]) -> Self {
        let setup = Setup::of(this_app!());
        Self::from(neighbours.iter().fold(setup, |setup, name| setup.neighbour(name))).await
    }

    pub(crate) async fn from(setup: Setup) -> Self {
        let app = Self(setup.start().await);
        for queue in ["contacts-replays", "conversions-replays"] {
            app.queue(queue).create().await;
        }
        app
    }

    /// Puts a capture file into its container, and tells as Event Grid does. Its events have sequence numbers from `first` on.
    pub(crate) async fn capture(&self, name: &str, first: i64, events: &[Value]) {
        self.put_capture(name, first, events).await;
        self.tell(name).await;
    }

    /// Puts a capture file into its container, of which nobody tells.
    pub(crate) async fn put_capture(&self, name: &str, first: i64, events: &[Value]) {
        let bodies: Vec<Vec<u8>> =
            events.iter().map(|event| event.to_string().into_bytes()).collect();
        self.put_bytes(name, capture_file(first, &bodies)).await;
    }

    pub(crate) async fn put_bytes(&self, name: &str, file: Vec<u8>) {
        let service = self.blob_service();
        let (endpoint, signature) = service.split_once('?').unwrap();
        let request = self.http().put(format!("{endpoint}/event-captures/{name}?{signature}"));
        let request =
            request.header("x-ms-version", "2024-11-04").header("x-ms-blob-type", "BlockBlob");
        let answer = request.body(file).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{name}: {answer:?}");
    }

    /// Says how far a consumer is, as its host does: `place` is hub and group.
    pub(crate) async fn put_checkpoint(&self, place: &str, partition: u32, sequence: &str) {
        self.put_container("azure-webjobs-eventhub").await;
        let name = format!("azure-webjobs-eventhub/127.0.0.1/{place}/checkpoint/{partition}");
        let request = self.storage_put(&name, "").header("x-ms-blob-type", "BlockBlob");
        let request = request.header("x-ms-meta-sequencenumber", sequence);
        let request = request.header("x-ms-meta-offset", "0").header("content-length", "0");
        let answer = request.body("").send().await.unwrap();
        assert_eq!(answer.status(), 201, "{name}: {answer:?}");
    }

    /// Makes a blob container, unless it is there.
    pub(crate) async fn put_container(&self, name: &str) {
        let answer = self.storage_put(name, "restype=container&").body("").send().await.unwrap();
        assert!([201, 409].contains(&answer.status().as_u16()), "{name}: {answer:?}");
    }

    fn storage_put(&self, path: &str, query: &str) -> reqwest::RequestBuilder {
        let service = self.blob_service();
        let (endpoint, signature) = service.split_once('?').unwrap();
        let request = self.http().put(format!("{endpoint}/{path}?{query}{signature}"));
        request.header("x-ms-version", "2024-11-04")
    }

    /// A page as an operator sees it.
    pub(crate) async fn page(&self, path: &str) -> String {
        let request = self.request(Method::GET, path);
        let request = request.header("cookie", "AppServiceAuthSession=olga");
        String::from_utf8(request.raw().await.expect(200).body).unwrap()
    }

    /// As Event Grid tells of a capture file.
    pub(crate) async fn tell(&self, name: &str) {
        let url = format!("https://lake.blob.core.windows.net/event-captures/{name}");
        let told = json!({ "id": "1", "topic": "/namespaces/ns", "subject": "eventhubs/account", "eventTime": "2026-10-12T08:05:00Z",
            "eventType": "Microsoft.EventHub.CaptureFileCreated", "dataVersion": "1",
            "data": { "fileUrl": url, "fileType": "AzureBlockBlob", "partitionId": "0", "sizeInBytes": 1, "eventCount": 1 } });
        self.run_message("captured", &told).await;
    }

    /// Has a file worked at once more, and waits for the end of that.
    pub(crate) async fn curate(&self, name: &str) {
        self.run_message("curate", &due(name)).await;
    }

    /// Puts a file into the queue.
    pub(crate) async fn send_capture(&self, name: &str) {
        self.queue("events-captures").send_json(&due(name)).await;
    }

    /// The same as part of a trace.
    pub(crate) async fn send_capture_in(&self, name: &str, trace: &BegunTrace) {
        let mut due = due(name);
        due["traceparent"] = json!(trace.traceparent);
        self.queue("events-captures").send_json(&due).await;
    }

    /// Waits until these files were worked at.
    pub(crate) async fn worked_at(&self, names: &[&str]) {
        self.eventually("the capture files in the lake", async || {
            let known = self.documents("captures").all().await;
            let is_known =
                |name: &&str| known.iter().any(|one| one["id"] == name.replace('/', "|"));
            names.iter().all(is_known).then_some(())
        })
        .await;
    }

    /// All events of a type on the day, read page by page.
    pub(crate) async fn events(&self, kind: &str) -> Vec<Value> {
        self.list(&format!("/events/v1/lake/{kind}/events?date={DAY}&limit=3")).await
    }

    pub(crate) async fn files(&self, kind: &str) -> Vec<Value> {
        self.list(&format!("/events/v1/lake/{kind}?date={DAY}&limit=3")).await
    }

    async fn list(&self, url: &str) -> Vec<Value> {
        let (mut items, mut next) = (Vec::new(), Value::Null);
        loop {
            let paged =
                next.as_str().map(|next| format!("&continuation={next}")).unwrap_or_default();
            let page = self.get(&format!("{url}{paged}")).await.expect(200).json();
            items.extend(page["items"].as_array().unwrap().clone());
            next = page["continuation"].clone();
            if next.is_null() {
                return items;
            }
        }
    }
}

/// That a capture file is to be brought into the lake.
fn due(name: &str) -> Value {
    json!({ "specversion": "1.0", "id": name, "source": "/events", "type": "com.iommi.events.capture-due.v1",
        "subject": name, "time": "2026-10-12T08:05:00Z", "data": { "file": name } })
}

/// The ids of events.
pub(crate) fn ids(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["id"].as_str().unwrap()).collect()
}

/// A file with these bodies.
pub(crate) fn capture_file(first: i64, bodies: &[Vec<u8>]) -> Vec<u8> {
    let schema = Schema::parse_str(CAPTURE_SCHEMA).unwrap();
    let codec = Codec::Deflate(DeflateSettings::default());
    let mut writer = Writer::with_codec(&schema, Vec::new(), codec).unwrap();
    for (number, body) in (first..).zip(bodies) {
        let key = Avro::Union(2, Box::new(Avro::String("key".to_owned())));
        let system = HashMap::from([("x-opt-partition-key".to_owned(), key)]);
        let fields = [
            ("SequenceNumber", Avro::Long(number)),
            ("Offset", Avro::String((number * 512).to_string())),
            ("EnqueuedTimeUtc", Avro::String("10/12/2026 8:30:00 AM".to_owned())),
            ("SystemProperties", Avro::Map(system)),
            ("Properties", Avro::Map(HashMap::new())),
            ("Body", Avro::Union(1, Box::new(Avro::Bytes(body.clone())))),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        writer.append_value(Avro::Record(fields.collect())).unwrap();
    }
    writer.into_inner().unwrap()
}
