//! Change feed of `services`: tells others on the event hub `product` how each service of the catalogue is now. Of several
//! changes in a row the last one is told; the same version again has the same id.

use crate::app::App;
use crate::store::Services;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{CloudEvent, keep_rejected};
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (services, rejected) = Services::changed(&feed);
    let events: Vec<CloudEvent<Value>> = services
        .iter()
        .map(|service| told::updated(service).in_trace(invocation.trace()))
        .collect();
    app.product_facts.publish_all(&events).await.map_err(Failure::again)?;
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} services", events.len())))
}
