//! Queue `accounts-erasures`: a profile was erased.

use crate::app::App;
use crate::erasing;
use crate::received::ProfileErased;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use std::convert::Infallible;

pub(crate) const FUNCTION: Function = function!();

/// Erases the customer of the profile, or sees to it that none comes. What cannot be done now, because money is owed,
/// `settle_erasures` does later.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.erased_profiles.read::<ProfileErased>(&message, &mut invocation)?;
    let ProfileErased { profile_id } = event.data;
    let erased = app.customers.erase::<Infallible>(profile_id, app.clock.now()).await;
    if let Some(customer) = erased.map_err(Failure::again)? {
        erasing::go_on(app, &customer).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing())
}
