use function_json::Trigger;

use super::{BlobPointer, FUNCTION_PREFIX, function::blob_queue};
use crate::triggers::{
    Runner, Target,
    event_grid::{Judged, WebhookReply, WebhookRequest, judge},
};

/// Answers a request to `/runtime/webhooks/blobs?functionName=Host.Functions.<Function>`. Events are only put into the
/// host's own queue: **the answer is 202 before any function runs**. A function that is not there is no error.
pub async fn webhook(
    runner: &Runner,
    functions: &[Target],
    request: WebhookRequest<'_>,
) -> WebhookReply {
    let Some(function_id) = request.parameter("functionName").filter(|name| !name.is_empty())
    else {
        return WebhookReply::text(404, "cannot find function: ''".to_owned());
    };
    let events = match judge(&request) {
        Judged::Answer(reply) => return reply,
        Judged::Events(events) => events,
    };
    let name = function_id.strip_prefix(FUNCTION_PREFIX).unwrap_or_default();
    let trigger =
        functions.iter().find(|target| target.name == name).map(|target| &target.json.trigger);
    let Some(Trigger::Blob(trigger)) = trigger else { return WebhookReply::empty(202) };
    let queue = blob_queue(&runner.app);
    for pointer in events.iter().filter_map(|event| BlobPointer::of_event(&function_id, event)) {
        if let Err(reason) = enqueue(runner, &trigger.connection, &queue, &pointer).await {
            return WebhookReply::text(500, reason);
        }
    }
    runner.watch.notify(&queue);
    WebhookReply::empty(202)
}

async fn enqueue(
    runner: &Runner,
    connection: &str,
    queue: &str,
    pointer: &BlobPointer,
) -> Result<(), String> {
    let text = serde_json::to_string(pointer).map_err(|error| error.to_string())?;
    let service = runner.connections.queues(connection).map_err(|error| error.to_string())?;
    let sent =
        service.send_creating(queue, &runner.queues.message_encoding.encode(text.as_bytes())).await;
    sent.map_err(|error| error.to_string())
}
