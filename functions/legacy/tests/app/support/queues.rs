//! The queues and blobs, over their REST protocol: what the mainframe sees.

use super::TestApp;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::Value;

fn signature() -> String {
    local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap())
}

impl TestApp {
    /// The queue service as the mainframe is given it.
    pub(crate) fn queue_service(&self) -> String {
        format!("{}?{}", self.host().queue_url(), signature())
    }

    pub(crate) fn blob_service(&self) -> String {
        format!("{}?{}", self.host().blob_url(), signature())
    }

    /// Up to 32 messages, taken out of the queue.
    pub(crate) async fn take(&self, queue: &str) -> Vec<String> {
        let messages = format!("{}/{queue}/messages", self.host().queue_url());
        let url = format!("{messages}?numofmessages=32&visibilitytimeout=60&{}", signature());
        let xml = self.http.get(url).send().await.unwrap().text().await.unwrap();
        let mut taken = Vec::new();
        for message in xml.split("<QueueMessage>").skip(1) {
            let (id, receipt) = (between(message, "MessageId"), between(message, "PopReceipt"));
            let receipt: String = url_escaped(&receipt);
            let url = format!("{messages}/{id}?popreceipt={receipt}&{}", signature());
            assert_eq!(self.http.delete(url).send().await.unwrap().status(), 204);
            let bytes = STANDARD.decode(between(message, "MessageText")).unwrap();
            taken.push(String::from_utf8(bytes).unwrap());
        }
        taken
    }

    pub(crate) async fn length(&self, queue: &str) -> u32 {
        let url = format!("{}/{queue}?comp=metadata&{}", self.host().queue_url(), signature());
        let answer = self.http.get(url).send().await.unwrap();
        answer.headers()["x-ms-approximate-messages-count"].to_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn put_message(&self, queue: &str, text: &str) {
        let url = format!("{}/{queue}/messages?{}", self.host().queue_url(), signature());
        let body = format!(
            "<QueueMessage><MessageText>{}</MessageText></QueueMessage>",
            STANDARD.encode(text)
        );
        assert_eq!(self.http.post(url).body(body).send().await.unwrap().status(), 201);
    }

    /// A blob as JSON; `None` if it is not there.
    pub(crate) async fn blob(&self, path: &str) -> Option<Value> {
        let url = format!("{}/{path}?{}", self.host().blob_url(), signature());
        let answer = self.http.request(Method::GET, url).send().await.unwrap();
        let answer = answer.status().is_success().then_some(answer)?;
        Some(serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }
}

fn between(xml: &str, name: &str) -> String {
    let rest = xml.split(&format!("<{name}>")).nth(1).unwrap();
    rest.split("</").next().unwrap().to_owned()
}

fn url_escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
        .replace('&', "%26")
}
