//! Queue `sales-provision-%SUN_REGION%`: the vendor takes the order, and there are licences.

use crate::app::App;
use crate::domain::Step;
use crate::{provisioning, steps};
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let work = async |work: &steps::Work| provisioning::provision(app, work).await;
    steps::make(app, Step::Provision, &message, invocation, work).await
}
