//! Queue `sales-authorise`: what the order comes to is held of the buyer's account.

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
    let work = async |work: &steps::Work| charging::authorise(app, work).await;
    steps::make(app, Step::Authorise, &message, invocation, work).await
}
