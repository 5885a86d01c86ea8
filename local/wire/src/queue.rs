//! The Queue service.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};
use jiff::Timestamp;

use crate::{
    client::WireError,
    endpoint::escape,
    storage::{Call, Storage, parse_rfc1123},
    xml::{self, Record},
};

/// A storage account's queues.
#[derive(Clone, Debug)]
pub struct QueueService(Storage);

/// A message that its receiver holds until `next_visible`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// The service's name for it.
    pub id: String,
    /// What its holder shows to update or delete it.
    pub pop_receipt: String,
    /// As it was on the wire: still base64 when that is the app's encoding.
    pub text: String,
    /// How often it was received, this time included.
    pub dequeue_count: u32,
    /// When it was sent.
    pub inserted: Timestamp,
    /// When it goes by itself.
    pub expires: Option<Timestamp>,
    /// Until when nobody else receives it.
    pub next_visible: Option<Timestamp>,
}

impl QueueService {
    /// The queues of that account.
    pub fn new(storage: Storage) -> Self {
        Self(storage)
    }

    /// Takes up to `count` messages (1–32) and hides them from others.
    pub async fn receive(
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
        let records = self.read(&operation, queue, &query).await?;
        let incomplete = || WireError::unreadable(&operation, "a message lacks an element");
        records.iter().map(|record| message(record).ok_or_else(incomplete)).collect()
    }

    /// When the first message that can be received was sent; nothing is taken.
    pub async fn oldest(&self, queue: &str) -> Result<Option<Timestamp>, WireError> {
        let operation = format!("looking at the messages of queue {queue}");
        let records = self.read(&operation, queue, &[("peekonly", "true".to_owned())]).await?;
        Ok(records.first().and_then(|first| parse_rfc1123(first.get("InsertionTime")?)))
    }

    /// About how many messages there are, hidden ones included.
    pub async fn approximate_count(&self, queue: &str) -> Result<u64, WireError> {
        let operation = format!("counting the messages of queue {queue}");
        let path = format!("/{}", escape(queue));
        let query = [("comp", "metadata".to_owned())];
        let response = self.call(&operation, Method::GET, &path, &query, Bytes::new()).await?;
        let count = response.headers().get("x-ms-approximate-messages-count");
        let count = count.and_then(|count| count.to_str().ok()?.parse().ok());
        count.ok_or_else(|| {
            WireError::unreadable(&operation, "no x-ms-approximate-messages-count header")
        })
    }

    /// Adds a message that lives a week; the queue must exist.
    pub async fn send(&self, queue: &str, text: &str) -> Result<(), WireError> {
        self.put(queue, text, &[]).await
    }

    /// Adds a message that is hidden at first, for whole seconds, and never expires; the queue must exist.
    pub async fn send_later(
        &self,
        queue: &str,
        text: &str,
        hidden: Duration,
    ) -> Result<(), WireError> {
        let query =
            [("messagettl", "-1".to_owned()), ("visibilitytimeout", hidden.as_secs().to_string())];
        self.put(queue, text, &query).await
    }

    async fn put(
        &self,
        queue: &str,
        text: &str,
        query: &[(&str, String)],
    ) -> Result<(), WireError> {
        let operation = format!("sending a message to queue {queue}");
        let body = format!(
            "<QueueMessage><MessageText>{}</MessageText></QueueMessage>",
            xml::escape(text)
        );
        self.call(&operation, Method::POST, &messages_of(queue), query, body.into()).await?;
        Ok(())
    }

    /// Adds a message, and the queue with it when it is missing.
    pub async fn send_creating(&self, queue: &str, text: &str) -> Result<(), WireError> {
        match self.send(queue, text).await {
            Err(error) if error.has_code("QueueNotFound") => {
                self.create(queue).await?;
                self.send(queue, text).await
            }
            sent => sent,
        }
    }

    /// Creates a queue; one that exists is left alone.
    pub async fn create(&self, queue: &str) -> Result<(), WireError> {
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
    pub async fn update(
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
    pub async fn delete(&self, queue: &str, id: &str, pop_receipt: &str) -> Result<(), WireError> {
        let operation = format!("deleting message {id} of queue {queue}");
        let query = [("popreceipt", pop_receipt.to_owned())];
        let path = format!("{}/{}", messages_of(queue), escape(id));
        self.call(&operation, Method::DELETE, &path, &query, Bytes::new()).await?;
        Ok(())
    }

    /// The list of messages that the service answers with.
    async fn read(
        &self,
        operation: &str,
        queue: &str,
        query: &[(&str, String)],
    ) -> Result<Vec<Record>, WireError> {
        let path = messages_of(queue);
        let response = self.call(operation, Method::GET, &path, query, Bytes::new()).await?;
        let text = std::str::from_utf8(response.body())
            .map_err(|error| WireError::unreadable(operation, error))?;
        xml::records(text, "QueueMessage").map_err(|error| WireError::unreadable(operation, error))
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
