//! Hubs that are captured, and what their files hold.

use std::collections::BTreeMap;

use apache_avro::{Reader, types::Value};
use jiff::Timestamp;
use local_data::{CaptureEvent, Options, account_sas};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::namespace::{Answer, Namespace, answer};

/// Where files go.
pub(crate) const CONTAINER: &str = "captured-events";
/// How long a window is, and how much of it is full.
pub(crate) const SECONDS: u32 = 10;
pub(crate) const BYTES: u64 = 10 << 20;

/// A capture file: its name and its events, each as number and text.
pub(crate) type File = (String, Vec<(i64, String)>);

impl Namespace {
    /// The hub `account` with two partitions, which is captured.
    pub(crate) async fn captured(options: Options) -> Self {
        let namespace = Self::start(Options { blob_events: true, ..options }).await;
        namespace.make_container().await;
        assert!(namespace.capture(SECONDS, BYTES).await.status < 300);
        namespace
    }

    pub(crate) async fn make_container(&self) {
        let path = format!("{CONTAINER}?restype=container");
        let made = answer(self.blob(Method::PUT, &path)).await;
        assert!([201, 409].contains(&made.status), "{}", made.body);
    }

    /// Declares the hub `account` with capture.
    pub(crate) async fn capture(&self, seconds: u32, bytes: u64) -> Answer {
        let capture = json!({ "container": CONTAINER, "seconds": seconds, "bytes": bytes });
        let declaration = json!({ "partitions": 2, "retentionHours": 24, "capture": capture });
        let request = self.request(Method::PUT, "$local/eventhubs/account");
        answer(request.body(declaration.to_string())).await
    }

    /// Declares it without.
    pub(crate) async fn stop_capture(&self) {
        let declaration = json!({ "partitions": 2, "retentionHours": 24 });
        let request = self.request(Method::PUT, "$local/eventhubs/account");
        assert_eq!(answer(request.body(declaration.to_string())).await.status, 200);
    }

    /// Sends a text to a partition of `account`.
    pub(crate) async fn send_to(&self, partition: u32, text: &str) {
        let request = self.publish(&format!("account/partitions/{partition}"));
        assert_eq!(answer(request.body(text.to_owned())).await.status, 201);
    }

    /// The window of whatever was sent is over, and its files are written.
    pub(crate) async fn window_is_over(&self) {
        self.services.clock().advance(std::time::Duration::from_secs(SECONDS.into()));
        self.services.step().await;
    }

    /// A signed request to the blob service.
    pub(crate) fn blob(&self, method: Method, path: &str) -> RequestBuilder {
        let sas = account_sas("2099-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
        let separator = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}/{path}{separator}{sas}", self.services.blob_url());
        self.http.request(method, url)
    }

    /// All files, in the order of their names.
    pub(crate) async fn files(&self) -> Vec<File> {
        let list =
            answer(self.blob(Method::GET, &format!("{CONTAINER}?restype=container&comp=list")));
        let list = list.await.body;
        let names = list.split("<Name>").skip(1).map(|rest| rest.split_once('<').unwrap().0);
        let mut files = Vec::new();
        for name in names {
            files.push((name.to_owned(), self.file(name).await));
        }
        files
    }

    async fn file(&self, name: &str) -> Vec<(i64, String)> {
        let blob = self.blob(Method::GET, &format!("{CONTAINER}/{name}")).send().await.unwrap();
        let bytes = blob.bytes().await.unwrap();
        events_of(&bytes)
    }

    /// The texts in all files, by partition.
    pub(crate) async fn captured_texts(&self) -> BTreeMap<u32, Vec<String>> {
        let mut texts: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (name, events) in self.files().await {
            let partition = name.split('/').nth(2).unwrap().parse().unwrap();
            let events = events.into_iter().map(|(_, text)| text);
            texts.entry(partition).or_default().extend(events);
        }
        texts
    }

    /// What is told of the next file.
    pub(crate) async fn told(&self) -> CaptureEvent {
        let events = self.services.capture_events();
        tokio::time::timeout(std::time::Duration::from_secs(30), events.next()).await.unwrap()
    }
}

/// The events of a file.
pub(crate) fn events_of(bytes: &[u8]) -> Vec<(i64, String)> {
    let event = |record: Value| {
        let Value::Record(fields) = record else { panic!("{record:?}") };
        let fields: BTreeMap<String, Value> = fields.into_iter().collect();
        let Value::Long(number) = fields["SequenceNumber"] else { panic!("{fields:?}") };
        let Value::Union(_, body) = &fields["Body"] else { panic!("{fields:?}") };
        let Value::Bytes(body) = &**body else { panic!("{body:?}") };
        (number, String::from_utf8(body.clone()).unwrap())
    };
    Reader::new(bytes).unwrap().map(Result::unwrap).map(event).collect()
}
