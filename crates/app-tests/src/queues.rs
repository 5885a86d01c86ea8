//! The queues around the app, over their REST protocol: a test plays the other side.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::Platform;

/// How long what was taken stays hidden from others until it is deleted, in seconds.
const HIDDEN_S: u32 = 60;
/// The most messages that the service gives at once.
const MOST: usize = 32;

/// A queue. Messages are text, in base64 on the wire, as the Functions host writes and reads them.
#[derive(Debug, Clone)]
pub struct Queue<'a> {
    platform: &'a Platform,
    name: String,
}

impl Platform {
    /// A queue of any app.
    #[must_use]
    pub fn queue(&self, name: &str) -> Queue<'_> {
        Queue { platform: self, name: name.to_owned() }
    }

    /// The queue service as others are given it: an endpoint with a signature.
    #[must_use]
    pub fn queue_service(&self) -> String {
        format!("{}?{}", self.host().queue_url(), signature())
    }

    /// The blob service as others are given it: an endpoint with a signature.
    #[must_use]
    pub fn blob_service(&self) -> String {
        format!("{}?{}", self.host().blob_url(), signature())
    }
}

/// May do everything, for ever: also after a journey in time.
pub(crate) fn signature() -> String {
    local_data::account_sas("2199-01-01T00:00:00Z".parse().unwrap())
}

impl Queue<'_> {
    /// Makes the queue, if no app that runs has made it.
    pub async fn create(&self) {
        let answer = self.platform.http().put(self.url("", "")).send().await.unwrap();
        assert!(answer.status().is_success(), "creating the queue {}: {answer:?}", self.name);
    }

    /// Sends a message.
    pub async fn send(&self, text: &str) {
        self.send_raw(&STANDARD.encode(text)).await;
    }

    /// Sends a text as it is, as somebody who knows no base64.
    pub async fn send_raw(&self, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let request = self.platform.http().post(self.url("/messages", "")).body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 201, "sending to {}: {answer:?}", self.name);
    }

    /// Sends JSON.
    pub async fn send_json(&self, message: &Value) {
        self.send(&message.to_string()).await;
    }

    /// How many messages are in the queue, those in work and those put off included.
    pub async fn length(&self) -> u64 {
        let request = self.platform.http().get(self.url("", "comp=metadata&"));
        let answer = request.send().await.unwrap();
        let count = answer.headers().get("x-ms-approximate-messages-count");
        let count = count.unwrap_or_else(|| panic!("the queue {}: {answer:?}", self.name));
        count.to_str().unwrap().parse().unwrap()
    }

    /// Takes up to 32 messages out of the queue.
    pub async fn take(&self) -> Vec<String> {
        let query = format!("numofmessages={MOST}&visibilitytimeout={HIDDEN_S}&");
        let answer = self.platform.http().get(self.url("/messages", &query)).send().await.unwrap();
        assert!(answer.status().is_success(), "taking from {}: {answer:?}", self.name);
        let list = answer.text().await.unwrap();
        let mut taken = Vec::new();
        for message in list.split("<QueueMessage>").skip(1) {
            self.delete(element(message, "MessageId"), element(message, "PopReceipt")).await;
            let bytes = STANDARD.decode(element(message, "MessageText")).unwrap();
            taken.push(String::from_utf8(bytes).unwrap());
        }
        taken
    }

    /// Takes up to 32 messages that are JSON.
    pub async fn take_json(&self) -> Vec<Value> {
        let parse =
            |text: String| serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        self.take().await.into_iter().map(parse).collect()
    }

    async fn delete(&self, id: &str, receipt: &str) {
        let receipt = utf8_percent_encode(receipt, NON_ALPHANUMERIC);
        let url = self.url(&format!("/messages/{id}"), &format!("popreceipt={receipt}&"));
        assert_eq!(self.platform.http().delete(url).send().await.unwrap().status(), 204);
    }

    fn url(&self, path: &str, query: &str) -> String {
        format!("{}/{}{path}?{query}{}", self.platform.host().queue_url(), self.name, signature())
    }
}

fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let rest = xml.split_once(&format!("<{name}>")).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split("</").next()).unwrap_or_else(|| panic!("no {name} in {xml}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_by_its_name() {
        let xml = "<MessageId>7</MessageId><PopReceipt>a+b=</PopReceipt>";
        assert_eq!((element(xml, "MessageId"), element(xml, "PopReceipt")), ("7", "a+b="));
    }
}
