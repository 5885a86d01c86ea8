//! `sales/v1/vendor-events`

use crate::app::App;
use crate::hearing;
use crate::problems;
use crate::vendor::VendorEvent;
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

/// Largest webhook, in bytes: the vendor's have some hundred.
pub(crate) const MAX_EVENT_BYTES: usize = 16 << 10;

/// POST: something happened to one of the vendor's orders. What, is read at the vendor: so it does not matter how often, how
/// late and in which order this comes. 204 once the licence is so; the vendor repeats what is answered otherwise.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    app.vendor_webhooks.check(&request, app.clock.now()).map_err(problems::not_signed)?;
    match serde_json::from_slice::<VendorEvent>(request.body()) {
        Ok(event) => hearing::hear(app, &event.data.order_id).await.map_err(problems::not_heard)?,
        // Of a kind that is about no order.
        Err(error) => tracing::info!(%error, "a webhook of the vendor's is passed over"),
    }
    Ok(Response::no_content())
}
