//! Queue `baked`: an order has been baked; tells those who deliver.

use custom_handler::{Done, Failure, Function, Invocation, Outputs, QueueMessage, function};
use serde::Deserialize;

use super::Bakery;

pub(crate) const FUNCTION: Function = function!();

#[derive(Deserialize)]
struct Baked {
    order: String,
}

pub(crate) async fn handle(
    _: &Bakery,
    message: QueueMessage,
    context: Invocation,
) -> Result<Done, Failure> {
    let baked: Baked = message.json()?;
    let delivery =
        serde_json::json!({ "order": baked.order, "traceparent": context.trace().traceparent() });
    Ok(Done::with(Outputs::new().json_message("deliveries", &delivery))
        .log(format!("order {} baked", baked.order)))
}
