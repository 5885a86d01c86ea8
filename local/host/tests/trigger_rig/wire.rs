//! The services as any other client uses them.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Rig;

const QUERY: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

pub(super) async fn send(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let (head, body) =
        client.request(request.body(Full::new(body.into())).unwrap()).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

fn texts(xml: &Response<Bytes>, element: &str) -> Vec<String> {
    let xml = String::from_utf8(xml.body().to_vec()).unwrap();
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let texts = xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap());
    texts.map(|text| quick_xml::escape::unescape(text).unwrap().into_owned()).collect()
}

impl Rig {
    fn sas(&self) -> String {
        local_data::account_sas(self.now() + SignedDuration::from_hours(24))
    }

    async fn queue(
        &self,
        method: Method,
        path: &str,
        query: &str,
        body: String,
    ) -> Response<Bytes> {
        let url = format!("{}/{path}?{query}&{}", self.data.queue_url(), self.sas());
        send(
            method,
            &url,
            &[("x-ms-version", "2021-12-02"), ("content-type", "application/xml")],
            body,
        )
        .await
    }

    pub async fn create_queue(&self, queue: &str) {
        let response = self.queue(Method::PUT, queue, "", String::new()).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    /// Sends a message in the default encoding.
    pub async fn send_message(&self, queue: &str, text: &str) {
        self.send_raw_message(queue, &STANDARD.encode(text)).await;
    }

    pub async fn send_raw_message(&self, queue: &str, text: &str) {
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let response = self.queue(Method::POST, &format!("{queue}/messages"), "", body).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    /// The texts of the messages that anyone could receive now, as they are on the wire.
    pub async fn visible(&self, queue: &str) -> Vec<String> {
        let path = format!("{queue}/messages");
        let response =
            self.queue(Method::GET, &path, "peekonly=true&numofmessages=32", String::new()).await;
        texts(&response, "MessageText")
    }

    /// The messages in a queue, hidden ones included; `None` when there is no such queue.
    pub async fn count(&self, queue: &str) -> Option<usize> {
        let response = self.queue(Method::GET, queue, "comp=metadata", String::new()).await;
        response.headers().get("x-ms-approximate-messages-count")?.to_str().unwrap().parse().ok()
    }

    /// Messages in base64.
    pub fn encoded(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| STANDARD.encode(text)).collect()
    }

    pub async fn create_blob_container(&self, container: &str) {
        let url = format!("{}/{container}?restype=container&{}", self.data.blob_url(), self.sas());
        let response = send(Method::PUT, &url, &[("x-ms-version", "2021-12-02")], "").await;
        assert!(response.status().is_success(), "{response:?}");
    }

    pub async fn put_blob(&self, container: &str, name: &str, content: &str) {
        let name = utf8_percent_encode(name, QUERY);
        let url = format!("{}/{container}/{name}?{}", self.data.blob_url(), self.sas());
        let headers = [
            ("x-ms-version", "2021-12-02"),
            ("x-ms-blob-type", "BlockBlob"),
            ("content-type", "text/plain"),
            ("x-ms-meta-from", "test"),
        ];
        let response = send(Method::PUT, &url, &headers, content.to_owned()).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    pub async fn get_blob(&self, container: &str, name: &str) -> Option<String> {
        let name = utf8_percent_encode(name, QUERY);
        let url = format!("{}/{container}/{name}?{}", self.data.blob_url(), self.sas());
        let response = send(Method::GET, &url, &[("x-ms-version", "2021-12-02")], "").await;
        response.status().is_success().then(|| String::from_utf8(response.body().to_vec()).unwrap())
    }

    /// A blob's metadata by name.
    pub async fn blob_metadata(
        &self,
        container: &str,
        name: &str,
    ) -> Option<BTreeMap<String, String>> {
        let name = utf8_percent_encode(name, QUERY);
        let url = format!("{}/{container}/{name}?{}", self.data.blob_url(), self.sas());
        let response = send(Method::HEAD, &url, &[("x-ms-version", "2021-12-02")], "").await;
        let metadata = response.headers().iter().filter_map(|(name, value)| {
            let name = name.as_str().strip_prefix("x-ms-meta-")?;
            Some((name.to_owned(), value.to_str().unwrap().to_owned()))
        });
        response.status().is_success().then(|| metadata.collect())
    }

    pub async fn list_blobs(&self, container: &str) -> Vec<String> {
        let url = format!(
            "{}/{container}?restype=container&comp=list&{}",
            self.data.blob_url(),
            self.sas()
        );
        texts(&send(Method::GET, &url, &[("x-ms-version", "2021-12-02")], "").await, "Name")
    }

    pub async fn cosmos(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Response<Bytes> {
        let url = format!("{}/{path}", self.data.cosmos_url().trim_end_matches('/'));
        let mut all = vec![
            ("authorization", "type%3Daad%26ver%3D1.0%26sig%3Dtest"),
            ("x-ms-version", "2018-12-31"),
        ];
        all.extend_from_slice(headers);
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            all.push(("content-type", "application/json"));
        }
        send(method, &url, &all, body.map(|body| body.to_string()).unwrap_or_default()).await
    }

    pub async fn create_cosmos_container(&self, database: &str, container: &str) {
        self.cosmos(Method::POST, "dbs", &[], Some(json!({"id": database}))).await;
        let key = json!({"paths": ["/id"], "kind": "Hash", "version": 2});
        let body = json!({"id": container, "partitionKey": key});
        let response =
            self.cosmos(Method::POST, &format!("dbs/{database}/colls"), &[], Some(body)).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    pub async fn put_document(&self, database: &str, container: &str, document: Value) {
        let key = json!([document["id"]]).to_string();
        let headers =
            [("x-ms-documentdb-partitionkey", key.as_str()), ("x-ms-documentdb-is-upsert", "true")];
        let path = format!("dbs/{database}/colls/{container}/docs");
        let response = self.cosmos(Method::POST, &path, &headers, Some(document)).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    pub async fn document(&self, database: &str, container: &str, id: &str) -> Option<Value> {
        let key = json!([id]).to_string();
        let path = format!("dbs/{database}/colls/{container}/docs/{id}");
        let response =
            self.cosmos(Method::GET, &path, &[("x-ms-documentdb-partitionkey", &key)], None).await;
        response.status().is_success().then(|| serde_json::from_slice(response.body()).unwrap())
    }

    pub async fn documents(&self, database: &str, container: &str) -> Vec<Value> {
        let headers = [
            ("content-type", "application/query+json"),
            ("x-ms-documentdb-isquery", "True"),
            ("x-ms-documentdb-query-enablecrosspartition", "True"),
            ("x-ms-max-item-count", "1000"),
        ];
        let path = format!("dbs/{database}/colls/{container}/docs");
        let query = json!({"query": "SELECT * FROM c", "parameters": []});
        let response = self.cosmos(Method::POST, &path, &headers, Some(query)).await;
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        body["Documents"].as_array().cloned().unwrap_or_default()
    }
}
