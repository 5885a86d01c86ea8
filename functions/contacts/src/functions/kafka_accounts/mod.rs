//! Kafka topic `account`: the same facts as on the event hub of this name, where a broker has them. Disabled by a setting
//! where there is none.

use crate::app::App;
use custom_handler::{Done, Failure, Function, Invocation, KafkaEvents, function};
use messages::consume_kafka;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    records: KafkaEvents,
    invocation: Invocation,
) -> Result<Done, Failure> {
    consume_kafka(app, records, invocation).await
}
