//! An order is cancelled, because whoever placed it or one of our people says so.

use crate::app::App;
use crate::domain::{CancelledBecause, OrderId};
use crate::{problems, settling};
use custom_handler::Problem;
use public_api::problems::not_changed;

/// Cancels an order, as long as the vendor has not delivered it, and does what follows. Cancelled again it stays cancelled.
pub(crate) async fn cancel(app: &App, id: OrderId) -> Result<(), Problem> {
    let now = app.clock.now();
    let cancelled = app.orders.change(id, |order| order.cancel(CancelledBecause::Asked, now));
    let cancelled =
        cancelled.await.map_err(|error| not_changed(error, |_| problems::not_cancellable()))?;
    let order = cancelled.ok_or_else(|| problems::no_such_order(id))?;
    settling::settle(app, &order).await.map_err(problems::not_settled)
}
