//! Queue `sales-email-%SUN_REGION%`: the mail with the invoice goes out.

use crate::app::App;
use crate::domain::Step;
use crate::{mailing, steps};
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let work = async |work: &steps::Work| mailing::mail(app, work).await;
    steps::make(app, Step::Email, &message, invocation, work).await
}
