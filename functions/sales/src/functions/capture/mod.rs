//! Queue `sales-capture`: the account is charged with what the invoice says, or gets back what a credit note says.

use crate::app::App;
use crate::domain::Step;
use crate::{charging, steps};
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let work = async |work: &steps::Work| charging::capture(app, work).await;
    steps::make(app, Step::Capture, &message, invocation, work).await
}
