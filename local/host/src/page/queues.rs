//! Queues and the messages in them.

use askama::Template;
use local_data::Service;
use serde::Serialize;

use super::{
    Visit, actions,
    answers::Refusal,
    body_text,
    frame::Frame,
    overview::Reading,
    services::{PeekedMessage, QueueSummary, origin_of},
};
use crate::triggers::queue::MessageEncoding;

#[derive(Template, Serialize)]
#[template(path = "queues.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Queues {
    #[serde(skip)]
    frame: Frame,
    queues: Reading<QueueSummary>,
}

impl Queues {
    pub(super) async fn of(visit: &Visit) -> Self {
        let read = visit.page.services.queues();
        let queues = Reading::of(visit, Service::Queue, read).await;
        Self { frame: Frame::new(visit, "Queues", "queues"), queues }
    }
}

#[derive(Template, Serialize)]
#[template(path = "queue.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct QueuePage {
    #[serde(skip)]
    frame: Frame,
    name: String,
    /// Also those that somebody holds.
    depth: u64,
    /// The queue whose messages end here.
    origin: Option<String>,
    messages: Vec<MessageView>,
    /// How the host expects messages: `base64` or `none`.
    encoding: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct MessageView {
    message: PeekedMessage,
    /// Decoded and indented.
    readable: String,
    base64: bool,
}

impl QueuePage {
    pub(super) async fn of(visit: &Visit, queue: &str) -> Result<Self, Refusal> {
        refuse_disturbed(visit, Service::Queue)?;
        let services = &visit.page.services;
        let (depth, messages) = tokio::join!(services.depth(queue), services.peek(queue));
        let messages = messages.map_err(Refusal::service)?;
        Ok(Self {
            frame: Frame::new(visit, queue, "queues"),
            name: queue.to_owned(),
            depth: depth.map_err(Refusal::service)?,
            origin: origin_of(queue).map(str::to_owned),
            messages: messages.into_iter().map(MessageView::new).collect(),
            encoding: match actions::encoding_of(visit, queue) {
                MessageEncoding::Base64 => "base64",
                MessageEncoding::None => "none",
            },
        })
    }
}

impl MessageView {
    fn new(message: PeekedMessage) -> Self {
        let (readable, base64) = body_text::message(&message.text);
        Self { message, readable, base64 }
    }
}

/// Looking must not use up a fault that a test has set.
pub(super) fn refuse_disturbed(visit: &Visit, service: Service) -> Result<(), Refusal> {
    if visit.page.faults.disturbs(service) {
        let message = format!("{service} is not read here while a simulated fault of it is on");
        return Err(Refusal::new(http::StatusCode::SERVICE_UNAVAILABLE, message));
    }
    Ok(())
}
