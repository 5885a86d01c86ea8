//! What is held for an order of which nothing comes is given up.

use crate::accounts::Charged;
use crate::app::App;
use crate::domain::Order;
use crate::neighbour::NeighbourFailure;

/// Gives up what is held for an order of which nothing comes. Done again it changes nothing.
pub(crate) async fn reverse(app: &App, order: &Order) -> Result<(), NeighbourFailure> {
    let Some(sale) = &order.on_account else { return Ok(()) };
    for charge in sale.to_reverse() {
        if let Charged::Refused(why) = app.accounts.reverse(sale, charge, order.profile).await? {
            tracing::warn!(order = %order.id, %charge, why, "there was nothing to give up");
        }
    }
    Ok(())
}
