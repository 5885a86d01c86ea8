//! A queue.

use std::time::Duration;

use http::Method;
use jiff::{Timestamp, fmt::rfc2822};

use super::{
    client::{Endpoint, HttpClient, WireError, escape},
    xml,
};

/// A queue of the account.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    client: HttpClient,
    name: &'static str,
}

/// A message that is hidden from others for a while.
#[derive(Debug)]
pub(crate) struct Taken {
    id: String,
    receipt: String,
    pub(crate) dequeue_count: u32,
    /// As it was sent.
    pub(crate) text: String,
}

/// What is in a queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    /// About how many messages there are, hidden ones included.
    pub(crate) messages: u64,
    /// When the first visible one was sent.
    pub(crate) oldest: Option<Timestamp>,
}

impl Queue {
    pub(crate) fn new(endpoint: Endpoint, name: &'static str) -> Self {
        Self { client: HttpClient::new(endpoint), name }
    }

    /// Takes up to `most` messages, at most 32, and hides them.
    pub(crate) async fn take(&self, most: u8, hidden: Duration) -> Result<Vec<Taken>, WireError> {
        let what = format!("taking messages from {}", self.name);
        let query = format!("numofmessages={most}&visibilitytimeout={}", hidden.as_secs());
        let records = self.read(&what, &query).await?;
        let incomplete = || WireError::Unreadable {
            what: what.clone(),
            why: "a message lacks an element".to_owned(),
        };
        records.into_iter().map(|record| taken(record).ok_or_else(incomplete)).collect()
    }

    /// Sends a message that is hidden at first, for whole seconds. It never expires.
    pub(crate) async fn send(&self, text: &str, hidden: Duration) -> Result<(), WireError> {
        let what = format!("sending a message to {}", self.name);
        let query = format!("messagettl=-1&visibilitytimeout={}", hidden.as_secs());
        let body = format!(
            "<QueueMessage><MessageText>{}</MessageText></QueueMessage>",
            quick_xml::escape::escape(text)
        );
        let path = format!("/{}/messages", self.name);
        self.client.send(&what, Method::POST, &path, &query, body).await?;
        Ok(())
    }

    /// Deletes a message that was taken. One that is gone, or was taken by somebody else meanwhile, is left alone:
    /// whoever has it now deletes it.
    pub(crate) async fn delete(&self, message: &Taken) -> Result<(), WireError> {
        let what = format!("deleting a message from {}", self.name);
        let path = format!("/{}/messages/{}", self.name, escape(&message.id));
        let query = format!("popreceipt={}", escape(&message.receipt));
        match self.client.send(&what, Method::DELETE, &path, &query, String::new()).await {
            Err(error) if error.is_not_found() || error.is_receipt_stale() => Ok(()),
            deleted => deleted.map(|_| ()),
        }
    }

    /// How much is waiting, and for how long.
    pub(crate) async fn waiting(&self) -> Result<Waiting, WireError> {
        let what = format!("counting the messages of {}", self.name);
        let path = format!("/{}", self.name);
        let about =
            self.client.send(&what, Method::GET, &path, "comp=metadata", String::new()).await?;
        let count = about.headers().get("x-ms-approximate-messages-count");
        let messages = count.and_then(|count| count.to_str().ok()?.parse().ok()).unwrap_or(0);
        let first = self.read(&what, "peekonly=true").await?.into_iter().next();
        let oldest = first.and_then(|first| {
            rfc2822::parse(first.get("InsertionTime")?).ok().map(|sent| sent.timestamp())
        });
        Ok(Waiting { messages, oldest })
    }

    async fn read(&self, what: &str, query: &str) -> Result<Vec<xml::Record>, WireError> {
        let path = format!("/{}/messages", self.name);
        let answer = self.client.send(what, Method::GET, &path, query, String::new()).await?;
        let unreadable = |why: String| WireError::Unreadable { what: what.to_owned(), why };
        let text =
            std::str::from_utf8(answer.body()).map_err(|error| unreadable(error.to_string()))?;
        xml::messages(text).map_err(|error| unreadable(error.to_string()))
    }
}

fn taken(mut record: xml::Record) -> Option<Taken> {
    Some(Taken {
        id: record.remove("MessageId")?,
        receipt: record.remove("PopReceipt")?,
        dequeue_count: record.get("DequeueCount")?.parse().ok()?,
        text: record.remove("MessageText").unwrap_or_default(),
    })
}
