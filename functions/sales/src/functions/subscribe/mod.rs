//! Queue `sales-subscribe-%SUN_REGION%`: the profile is subscribed to the services.

use crate::app::App;
use crate::domain::Step;
use crate::{steps, subscribing};
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let work = async |work: &steps::Work| subscribing::subscribe(app, work).await;
    steps::make(app, Step::Subscribe, &message, invocation, work).await
}
