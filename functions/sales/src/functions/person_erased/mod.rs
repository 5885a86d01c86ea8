//! Queue `sales-erasures`: a profile was erased.

use crate::app::App;
use crate::erasing;
use crate::received::ProfileErased;
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};

pub(crate) const FUNCTION: Function = function!();

/// First the tombstone, then the orders that are there: an order that comes in between finds one or is found.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    mut invocation: Invocation,
) -> Result<Done, Failure> {
    let event = app.erased_profiles.read::<ProfileErased>(&message, &mut invocation)?;
    let person = event.data.profile_id;
    app.erased_people.add(person, app.clock.now()).await.map_err(Failure::again)?;
    let orders = erasing::everywhere(app, person).await.map_err(Failure::again)?;
    erasing::licences(app, person).await.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("{orders} orders")))
}
