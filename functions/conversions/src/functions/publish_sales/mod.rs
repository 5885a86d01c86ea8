//! Change feed of `sales`: tells others on the event hub `sale` what was sold. Told as leads are: `publish_leads`.

use crate::app::App;
use crate::domain::SaleId;
use crate::store::Sales;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use futures::{StreamExt, TryStreamExt, stream};
use messages::{CloudEvent, keep_rejected};
use serde_json::Value;

pub(crate) const FUNCTION: Function = function!();

/// How many sales are written at the same time.
const MAX_AT_ONCE: usize = 16;

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (sales, rejected) = Sales::changed(&feed);
    let events: Vec<CloudEvent<Value>> = sales
        .iter()
        .filter_map(told::of_sale)
        .map(|event| event.in_trace(invocation.trace()))
        .collect();
    app.sale_facts.publish_all(&events).await.map_err(Failure::again)?;
    let told: Vec<SaleId> = sales.iter().filter(|it| !it.told).map(|it| it.id).collect();
    stream::iter(told)
        .map(|id| app.sales.told(id))
        .buffer_unordered(MAX_AT_ONCE)
        .try_collect::<()>()
        .await
        .map_err(Failure::again)?;
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} sales", events.len())))
}
