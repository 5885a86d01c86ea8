//! Sending a message, and sending poison messages again.

use function_json::Trigger;

use super::Fields;
use crate::{
    page::{Visit, answers::Refusal, services::origin_of},
    triggers::queue::MessageEncoding,
};

pub(super) async fn send(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    let queue = fields.need("queue")?;
    // Not trimmed: the text is the message.
    let text = fields.get("text").unwrap_or_default();
    let encoding = match fields.get("encoding") {
        Some("none") => MessageEncoding::None,
        Some("base64") => MessageEncoding::Base64,
        _ => encoding_of(visit, queue),
    };
    let wire = encoding.encode(text.as_bytes());
    visit.page.services.send(queue, &wire).await.map_err(Refusal::service)?;
    notify(visit, queue);
    Ok(format!("Sent {} bytes to {queue}.", text.len()))
}

pub(super) async fn redrive(visit: &Visit, fields: &Fields) -> Result<String, Refusal> {
    let queue = fields.need("queue")?;
    let no_poison = || Refusal::bad(format_args!("{queue} is no poison queue"));
    let origin = origin_of(queue).ok_or_else(no_poison)?;
    let moved = visit.page.services.redrive(queue, origin).await.map_err(Refusal::service)?;
    notify(visit, origin);
    let noun = if moved == 1 { "message" } else { "messages" };
    Ok(format!("Sent {moved} {noun} of {queue} to {origin} again."))
}

/// How the app that listens to a queue expects messages.
pub(in crate::page) fn encoding_of(visit: &Visit, queue: &str) -> MessageEncoding {
    let listens = |trigger: &Trigger| matches!(trigger, Trigger::Queue(trigger) if trigger.queue_name == queue);
    let mut apps = visit.page.triggers.iter();
    let app = apps.find(|app| app.targets.iter().any(|target| listens(&target.json.trigger)));
    app.map(|app| app.runner.queues.message_encoding).unwrap_or_default()
}

/// Listeners need not wait for their next poll.
fn notify(visit: &Visit, queue: &str) {
    visit.page.triggers.iter().for_each(|app| app.runner.watch.notify(queue));
}
