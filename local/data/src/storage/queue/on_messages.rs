//! Messages: send, receive, peek, update, delete, clear.

use bytes::Bytes;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Queues, message::Message, operation::Address, state::Sending};
use crate::storage::{
    body::{self, RequestBody},
    call::Call,
    code, dates,
    failure::{Failure, invalid_parameter},
    reply::Reply,
    xml::{self, Xml},
};

/// Bytes of a message's text in UTF-8, at most.
const MAX_TEXT_BYTES: usize = 64 * 1024;
/// Bytes of a request with a message, at most: every character of the text may be escaped.
const MAX_BODY_BYTES: usize = 8 * MAX_TEXT_BYTES;
/// Messages in one answer, at most.
const MAX_MESSAGES: usize = 32;
/// Seven days: how long a message lives if its sender does not say, and how long one may be hidden.
const WEEK_S: i64 = 7 * 24 * 60 * 60;
/// How long a received message is hidden if its receiver does not say.
const DEFAULT_INVISIBLE_S: i64 = 30;

/// `POST /queue/messages`
pub(super) async fn send(
    queues: &Queues,
    call: &Call,
    queue: &str,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let invisible_s = call.query.number("visibilitytimeout", 0..=WEEK_S)?.unwrap_or(0);
    let time_to_live = time_to_live(call, invisible_s)?;
    let text = text(body).await?.ok_or_else(|| Failure::from(code::INVALID_XML_DOCUMENT))?;
    let sending =
        Sending { text, time_to_live, invisible_for: SignedDuration::from_secs(invisible_s) };
    let message = queues.store.with(queue, |queue| {
        queue.expire(call.now)?;
        queue.send(call.now, sending)
    })?;
    Ok(Reply::new(StatusCode::CREATED).xml(list(&[message], &[Part::Receipt])))
}

/// `GET /queue/messages`
pub(super) fn receive(queues: &Queues, call: &Call, queue: &str) -> Result<Reply, Failure> {
    let max = max_messages(call)?;
    let invisible_s =
        call.query.number("visibilitytimeout", 1..=WEEK_S)?.unwrap_or(DEFAULT_INVISIBLE_S);
    let messages = queues.store.with(queue, |queue| {
        queue.expire(call.now)?;
        queue.receive(call.now, max, SignedDuration::from_secs(invisible_s))
    })?;
    Ok(Reply::new(StatusCode::OK).xml(list(&messages, &[Part::Receipt, Part::Content])))
}

/// `GET /queue/messages?peekonly=true`
pub(super) fn peek(queues: &Queues, call: &Call, queue: &str) -> Result<Reply, Failure> {
    let max = max_messages(call)?;
    let messages = queues.store.with(queue, |queue| {
        queue.expire(call.now)?;
        queue.peek(call.now, max)
    })?;
    Ok(Reply::new(StatusCode::OK).xml(list(&messages, &[Part::Content])))
}

/// `PUT /queue/messages/id?popreceipt=…&visibilitytimeout=…`: the new receipt is in a header.
pub(super) async fn update(
    queues: &Queues,
    call: &Call,
    address: &Address,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let receipt = call.query.required("popreceipt")?;
    call.query.required("visibilitytimeout")?;
    let invisible_s = call.query.number("visibilitytimeout", 0..=WEEK_S)?.unwrap_or(0);
    let text = text(body).await?;
    let message = queues.store.with(&address.queue, |queue| {
        queue.update(call.now, id(address)?, receipt, SignedDuration::from_secs(invisible_s), text)
    })?;
    Ok(Reply::new(StatusCode::NO_CONTENT)
        .header("x-ms-popreceipt", message.receipt.text())
        .header("x-ms-time-next-visible", dates::http(message.visible)))
}

/// `DELETE /queue/messages/id?popreceipt=…`
pub(super) fn delete(queues: &Queues, call: &Call, address: &Address) -> Result<Reply, Failure> {
    let receipt = call.query.required("popreceipt")?;
    queues.store.with(&address.queue, |queue| queue.delete(call.now, id(address)?, receipt))?;
    Ok(Reply::new(StatusCode::NO_CONTENT))
}

/// `DELETE /queue/messages`
pub(super) fn clear(queues: &Queues, queue: &str) -> Result<Reply, Failure> {
    queues.store.clear(queue)?;
    Ok(Reply::new(StatusCode::NO_CONTENT))
}

fn max_messages(call: &Call) -> Result<usize, Failure> {
    Ok(call.query.number("numofmessages", 1..=MAX_MESSAGES)?.unwrap_or(1))
}

/// An id that is no id of ours is the id of no message.
fn id(address: &Address) -> Result<Uuid, Failure> {
    address.message.parse().map_err(|_| code::MESSAGE_NOT_FOUND.into())
}

fn time_to_live(call: &Call, invisible_s: i64) -> Result<Option<SignedDuration>, Failure> {
    let text = call.query.text("messagettl");
    match call.query.number("messagettl", i64::MIN..=i64::MAX)? {
        Some(-1) => Ok(None),
        Some(ttl) if ttl < 1 => {
            let reason =
                "Value must be greater than or equal to 1, or -1 to indicate an infinite TTL.";
            Err(invalid_parameter("messagettl", text, reason))
        }
        Some(ttl) if invisible_s >= ttl => {
            let reason = "messagettl must be greater than visibilitytimeout.";
            Err(invalid_parameter("visibilitytimeout", &invisible_s.to_string(), reason))
        }
        Some(ttl) => Ok(Some(SignedDuration::from_secs(ttl))),
        None => Ok(Some(SignedDuration::from_secs(WEEK_S))),
    }
}

/// The text in `<QueueMessage>`, or `None` when there is no body at all.
async fn text(body: &mut RequestBody) -> Result<Option<Bytes>, Failure> {
    let body = body::collect(body, MAX_BODY_BYTES).await?;
    if body.is_empty() {
        return Ok(None);
    }
    let mut message = xml::parse(&body, "QueueMessage")?;
    let at = message.children.iter().position(|child| child.name == "MessageText");
    let text = at.map(|at| std::mem::take(&mut message.children[at].text));
    let text = text.ok_or_else(|| {
        Failure::from(code::INVALID_XML_DOCUMENT).detail("Reason", "no MessageText")
    })?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(Failure::from(code::REQUEST_BODY_TOO_LARGE)
            .detail("MaxLimit", MAX_TEXT_BYTES.to_string()));
    }
    Ok(Some(text.into()))
}

/// What an answer says of a message besides its name and times.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Its pop receipt and when it becomes visible again.
    Receipt,
    /// How often it was received, and its text.
    Content,
}

fn list(messages: &[Message], parts: &[Part]) -> Xml {
    let mut xml = Xml::document();
    xml.open("QueueMessagesList");
    for message in messages {
        xml.open("QueueMessage");
        xml.text("MessageId", &message.id.to_string());
        xml.text("InsertionTime", &dates::http(message.inserted));
        xml.text(
            "ExpirationTime",
            &message.expires.map_or(dates::NEVER.to_owned(), date_of_expiry),
        );
        if parts.contains(&Part::Receipt) {
            xml.text("PopReceipt", &message.receipt.text());
            xml.text("TimeNextVisible", &dates::http(message.visible));
        }
        if parts.contains(&Part::Content) {
            xml.text("DequeueCount", &message.dequeue_count.to_string());
            let text = message.text.as_deref().unwrap_or_default();
            xml.text("MessageText", std::str::from_utf8(text).unwrap_or_default());
        }
        xml.close("QueueMessage");
    }
    xml.close("QueueMessagesList");
    xml
}

/// A time to live may reach beyond the last day that can be written.
fn date_of_expiry(expires: Timestamp) -> String {
    if expires == Timestamp::MAX { dates::NEVER.to_owned() } else { dates::http(expires) }
}
