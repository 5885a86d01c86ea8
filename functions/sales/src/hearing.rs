//! Something happened to an order of the vendor's: the vendor is asked what, and the licence and its step follow.

use crate::app::App;
use crate::domain::{LicenceId, LicenceState, Order, OrderId, Step, VendorOrder, VendorReference};
use crate::licensing::{self, NotLearnt};
use crate::releasing::cancel_surplus;
use crate::steps;
use azure_data::{ChangeError, StorageFailure};
use messages::in_trace_of;
use std::convert::Infallible;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NotHeard {
    #[error(transparent)]
    NotLearnt(#[from] NotLearnt),
    #[error(transparent)]
    Queue(#[from] StorageFailure),
}

/// Reads the vendor's order and does what follows. What is not one of ours is passed over.
pub(crate) async fn hear(app: &App, vendor_order: &str) -> Result<(), NotHeard> {
    let found = app.vendor.find(vendor_order).await.map_err(NotLearnt::from)?;
    let Some(vendor) = found else { return Ok(()) };
    let Ok(reference) = vendor.reference.parse::<VendorReference>() else { return Ok(()) };
    let order = app.orders.read(reference.order).await.map_err(NotLearnt::from)?;
    let Some(order) = order else { return Ok(()) };
    let learn = Box::pin(learn(app, &vendor, &order, reference.line));
    in_trace_of(order.origin.as_ref(), "hear of the vendor", learn).await
}

/// The licence becomes what the vendor says, and its step need not sleep any longer.
async fn learn(app: &App, vendor: &VendorOrder, order: &Order, line: u32) -> Result<(), NotHeard> {
    let call = app.vendor_calls.read(order.id, line).await.map_err(NotLearnt::from)?;
    if let Some(call) = call {
        cancel_surplus(app, &call).await.map_err(NotLearnt::from)?;
    }
    let id = LicenceId::of(order.id, line);
    let licence = app.licences.read(order.profile, id).await.map_err(NotLearnt::from)?;
    let Some(licence) = licence.filter(|it| it.vendor_order == vendor.id) else { return Ok(()) };
    if let Some(licence) = licensing::learn(app, &licence, vendor, None).await? {
        if let Err(error) = licensing::settle(app, &licence).await {
            tracing::warn!(%error, licence = %licence.id, "the subscription is ended later");
        }
        if licence.state != LicenceState::Pending {
            wake(app, order.id).await?;
        }
    }
    Ok(())
}

/// The step that sleeps until the vendor has activated what it took need not sleep any longer.
async fn wake(app: &App, id: OrderId) -> Result<(), NotHeard> {
    let now = app.clock.now();
    let wake = |order: Order| {
        let due = order.due().filter(|due| due.step == Step::Provision);
        let asleep = due.filter(|due| due.not_before.is_some_and(|at| at > now));
        let woken = asleep.and_then(|due| order.clone().postponed(due, now));
        Ok::<_, Infallible>(woken.unwrap_or(order))
    };
    let order = match app.orders.change(id, wake).await {
        Ok(order) => order,
        Err(ChangeError::Refused(never)) => match never {},
        Err(ChangeError::Exhausted(busy)) => return Err(NotLearnt::from(busy).into()),
        Err(ChangeError::Failed(failure)) => return Err(NotLearnt::from(failure).into()),
    };
    let due = order.filter(|it| it.due().is_some_and(|due| due.step == Step::Provision));
    if let Some(order) = due {
        steps::send(app, &order).await?;
    }
    Ok(())
}
