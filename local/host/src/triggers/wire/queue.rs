//! The Queue service.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};
use jiff::Timestamp;

use super::{
    client::WireError,
    storage::{Call, Storage, parse_rfc1123},
    xml::{self, Record},
};
use crate::query::escape;

/// A storage account's queues.
#[derive(Clone, Debug)]
pub(crate) struct QueueService(Storage);

/// A message that this host holds until `next_visible`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReceivedMessage {
    pub(crate) id: String,
    pub(crate) pop_receipt: String,
    /// As it was on the wire: still base64 when that is the app's encoding.
    pub(crate) text: String,
    pub(crate) dequeue_count: u32,
    pub(crate) inserted: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) next_visible: Option<Timestamp>,
}

impl QueueService {
    pub(crate) fn new(storage: Storage) -> Self {
        Self(storage)
    }

    /// Takes up to `count` messages (1–32) and hides them from others.
    pub(crate) async fn receive(
        &self,
        queue: &str,
        count: u32,
        visibility: Duration,
    ) -> Result<Vec<ReceivedMessage>, WireError> {
        let operation = format!("receiving messages from queue {queue}");
        let query = [
            ("numofmessages", count.to_string()),
            ("visibilitytimeout", visibility.as_secs().to_string()),
        ];
        let response =
            self.call(&operation, Method::GET, &messages_of(queue), &query, Bytes::new()).await?;
        let text = std::str::from_utf8(response.body())
            .map_err(|error| WireError::unreadable(&operation, error))?;
        let records = xml::records(text, "QueueMessage")
            .map_err(|error| WireError::unreadable(&operation, error))?;
        let incomplete = || WireError::unreadable(&operation, "a message lacks an element");
        records.iter().map(|record| message(record).ok_or_else(incomplete)).collect()
    }

    /// Adds a message; the queue must exist.
    pub(crate) async fn send(&self, queue: &str, text: &str) -> Result<(), WireError> {
        let operation = format!("sending a message to queue {queue}");
        let body = format!(
            "<QueueMessage><MessageText>{}</MessageText></QueueMessage>",
            xml::escape(text)
        );
        self.call(&operation, Method::POST, &messages_of(queue), &[], body.into()).await?;
        Ok(())
    }

    /// Adds a message, and the queue with it when it is missing.
    pub(crate) async fn send_creating(&self, queue: &str, text: &str) -> Result<(), WireError> {
        match self.send(queue, text).await {
            Err(error) if error.has_code("QueueNotFound") => {
                self.create(queue).await?;
                self.send(queue, text).await
            }
            sent => sent,
        }
    }

    /// Creates a queue; one that exists is left alone.
    pub(crate) async fn create(&self, queue: &str) -> Result<(), WireError> {
        let operation = format!("creating queue {queue}");
        match self
            .call(&operation, Method::PUT, &format!("/{}", escape(queue)), &[], Bytes::new())
            .await
        {
            Err(error) if error.has_code("QueueAlreadyExists") => Ok(()),
            created => created.map(|_| ()),
        }
    }

    /// Hides a message for so long from now, and returns its new receipt.
    pub(crate) async fn update(
        &self,
        queue: &str,
        id: &str,
        pop_receipt: &str,
        visibility: Duration,
    ) -> Result<String, WireError> {
        let operation = format!("updating message {id} of queue {queue}");
        let query = [
            ("popreceipt", pop_receipt.to_owned()),
            ("visibilitytimeout", visibility.as_secs().to_string()),
        ];
        let path = format!("{}/{}", messages_of(queue), escape(id));
        let response = self.call(&operation, Method::PUT, &path, &query, Bytes::new()).await?;
        let receipt =
            response.headers().get("x-ms-popreceipt").and_then(|value| value.to_str().ok());
        receipt
            .map(str::to_owned)
            .ok_or_else(|| WireError::unreadable(&operation, "no x-ms-popreceipt header"))
    }

    /// Deletes a message.
    pub(crate) async fn delete(
        &self,
        queue: &str,
        id: &str,
        pop_receipt: &str,
    ) -> Result<(), WireError> {
        let operation = format!("deleting message {id} of queue {queue}");
        let query = [("popreceipt", pop_receipt.to_owned())];
        let path = format!("{}/{}", messages_of(queue), escape(id));
        self.call(&operation, Method::DELETE, &path, &query, Bytes::new()).await?;
        Ok(())
    }

    async fn call(
        &self,
        operation: &str,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Bytes,
    ) -> Result<Response<Bytes>, WireError> {
        let xml = [("content-type", "application/xml".to_owned())];
        let headers: &[_] = if body.is_empty() { &[] } else { &xml };
        self.0.call(Call { operation, method, path, query, headers, body }).await
    }
}

fn messages_of(queue: &str) -> String {
    format!("/{}/messages", escape(queue))
}

fn message(record: &Record) -> Option<ReceivedMessage> {
    let moment = |name: &str| record.get(name).and_then(|text| parse_rfc1123(text));
    Some(ReceivedMessage {
        id: record.get("MessageId")?.clone(),
        pop_receipt: record.get("PopReceipt")?.clone(),
        text: record.get("MessageText").cloned().unwrap_or_default(),
        dequeue_count: record.get("DequeueCount")?.parse().ok()?,
        inserted: moment("InsertionTime")?,
        expires: moment("ExpirationTime"),
        next_visible: moment("TimeNextVisible"),
    })
}
