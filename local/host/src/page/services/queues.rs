//! Queues: how deep they are and what lies in them.

use bytes::Bytes;
use futures::future::join_all;
use http::Method;
use serde::Serialize;

use super::{Ask, Services, escape, header, text_of};
use crate::triggers::{WireError, xml};

/// How many messages a look into a queue shows; the service gives no more at once.
pub(in crate::page) const PEEKED_MAX: usize = 32;

/// How many queues are listed.
const QUEUES_MAX: usize = 500;

/// How many rounds of messages a redrive moves at most.
const REDRIVE_ROUNDS_MAX: usize = 100;

/// The end of a poison queue's name.
const POISON: &str = "-poison";

/// A queue and its depth.
#[derive(Clone, Debug, Serialize)]
pub(in crate::page) struct QueueSummary {
    pub(in crate::page) name: String,
    /// Messages, also those that somebody holds. `null` when the queue went away meanwhile.
    pub(in crate::page) messages: Option<u64>,
    pub(in crate::page) poison: bool,
}

/// A message that was looked at, not taken.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::page) struct PeekedMessage {
    pub(in crate::page) id: String,
    /// As it is on the wire.
    pub(in crate::page) text: String,
    pub(in crate::page) dequeue_count: String,
    pub(in crate::page) inserted: String,
}

/// The queue whose messages end in this poison queue.
pub(in crate::page) fn origin_of(queue: &str) -> Option<&str> {
    queue.strip_suffix(POISON).filter(|origin| !origin.is_empty())
}

impl Services {
    pub(in crate::page) async fn queues(&self) -> Result<Vec<QueueSummary>, WireError> {
        let operation = "listing the queues";
        let url = self.signed(&self.queue, "/", &format!("comp=list&maxresults={QUEUES_MAX}"));
        let response = self.get(operation, url).await?;
        let records = xml::records(text_of(operation, &response)?, "Queue");
        let records = records.map_err(|error| WireError::unreadable(operation, error))?;
        let names: Vec<String> =
            records.into_iter().filter_map(|mut record| record.remove("Name")).collect();
        Ok(join_all(names.into_iter().map(|name| self.with_depth(name))).await)
    }

    async fn with_depth(&self, name: String) -> QueueSummary {
        let messages = self.depth(&name).await.ok();
        QueueSummary { poison: origin_of(&name).is_some(), messages, name }
    }

    /// How many messages a queue has.
    pub(in crate::page) async fn depth(&self, queue: &str) -> Result<u64, WireError> {
        let operation = format!("reading the depth of queue {queue}");
        let url = self.signed(&self.queue, &format!("/{}", escape(queue)), "comp=metadata");
        let response = self.get(&operation, url).await?;
        let count = header(&response, "x-ms-approximate-messages-count");
        let count = count.and_then(|count| count.parse().ok());
        count.ok_or_else(|| WireError::unreadable(&operation, "it says no count"))
    }

    /// The first messages that nobody holds.
    pub(in crate::page) async fn peek(&self, queue: &str) -> Result<Vec<PeekedMessage>, WireError> {
        let operation = format!("looking into queue {queue}");
        let query = format!("peekonly=true&numofmessages={PEEKED_MAX}");
        let url = self.signed(&self.queue, &format!("/{}/messages", escape(queue)), &query);
        let response = self.get(&operation, url).await?;
        let records = xml::records(text_of(&operation, &response)?, "QueueMessage");
        let records = records.map_err(|error| WireError::unreadable(&operation, error))?;
        let message = |mut record: xml::Record| PeekedMessage {
            id: record.remove("MessageId").unwrap_or_default(),
            text: record.remove("MessageText").unwrap_or_default(),
            dequeue_count: record.remove("DequeueCount").unwrap_or_default(),
            inserted: record.remove("InsertionTime").unwrap_or_default(),
        };
        Ok(records.into_iter().map(message).collect())
    }

    /// Adds a message, as it is.
    pub(in crate::page) async fn send(&self, queue: &str, text: &str) -> Result<(), WireError> {
        let operation = format!("sending a message to queue {queue}");
        let body = format!(
            "<QueueMessage><MessageText>{}</MessageText></QueueMessage>",
            xml::escape(text)
        );
        let url = self.signed(&self.queue, &format!("/{}/messages", escape(queue)), "");
        let headers = [("content-type", "application/xml".to_owned())];
        let ask = Ask {
            operation: &operation,
            method: Method::POST,
            url,
            headers: &headers,
            body: body.into(),
        };
        self.ask(ask).await.map(|_| ())
    }

    /// Moves the messages of a poison queue back to where they came from, and says how many. Each is sent before it
    /// is deleted: what goes wrong between makes a duplicate, never a loss.
    pub(in crate::page) async fn redrive(
        &self,
        poison: &str,
        origin: &str,
    ) -> Result<usize, WireError> {
        let operation = format!("taking messages from queue {poison}");
        let messages = format!("/{}/messages", escape(poison));
        let before = self.depth(poison).await?;
        let mut moved = 0;
        for _round in 0..REDRIVE_ROUNDS_MAX {
            let query = format!("numofmessages={PEEKED_MAX}&visibilitytimeout=30");
            let response =
                self.get(&operation, self.signed(&self.queue, &messages, &query)).await?;
            let records = xml::records(text_of(&operation, &response)?, "QueueMessage");
            let records = records.map_err(|error| WireError::unreadable(&operation, error))?;
            // Some may fail again meanwhile and come back here; they are not for this time.
            if records.is_empty() || moved as u64 >= before {
                break;
            }
            for record in records {
                let field = |name: &str| record.get(name).map(String::as_str).unwrap_or_default();
                self.send(origin, field("MessageText")).await?;
                let path = format!("{messages}/{}", escape(field("MessageId")));
                let query = format!("popreceipt={}", escape(field("PopReceipt")));
                let url = self.signed(&self.queue, &path, &query);
                let (method, body) = (Method::DELETE, Bytes::new());
                self.ask(Ask { operation: &operation, method, url, headers: &[], body }).await?;
                moved += 1;
            }
        }
        Ok(moved)
    }
}
