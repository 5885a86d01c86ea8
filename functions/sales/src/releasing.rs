//! What the vendor has that is not ours to keep is given back: what it took for an order that failed, and what it ordered
//! twice. Done again it changes nothing.

use crate::app::App;
use crate::domain::{LicenceId, Order, Step, VendorCall};
use crate::vendor::VendorFailure;
use azure_data::{ChangeError, CosmosFailure, Exhausted};
use std::convert::Infallible;

/// Who gives back.
const US: &str = "sales";

/// Why something is still to be given back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReleased {
    #[error(transparent)]
    Vendor(#[from] VendorFailure),
    #[error("what was ordered may still arrive at the vendor")]
    MayArrive,
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl From<ChangeError<Infallible>> for NotReleased {
    fn from(error: ChangeError<Infallible>) -> Self {
        match error {
            ChangeError::Refused(never) => match never {},
            ChangeError::Exhausted(exhausted) => exhausted.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// Gives back what the vendor took for an order that it has never delivered whole. First each line says that it is given
/// back, so that a run that is still at work orders nothing more.
pub(crate) async fn release(app: &App, order: &Order) -> Result<(), NotReleased> {
    let provision = order.progress.of(Step::Provision);
    let Some(provision) = provision.filter(|_| !order.was_provisioned()) else { return Ok(()) };
    let (now, mut may_arrive) = (app.clock.now(), false);
    for line in &order.lines {
        let (place, attempt) = ((order.id, line.line), provision.attempt);
        let give_back = |call| Ok::<_, Infallible>(VendorCall::released(call, place, attempt, now));
        let call = app.vendor_calls.change(order.id, line.line, give_back).await?;
        if !call.released {
            continue;
        }
        let id = LicenceId::of(order.id, line.line);
        let licence = app
            .licences
            .change(order.profile, id, |licence| Ok::<_, Infallible>(licence.given_back(US, now)));
        licence.await?;
        cancel_surplus(app, &call).await?;
        may_arrive |= call.may_arrive_until(app.clock.now()).is_some();
    }
    if may_arrive { Err(NotReleased::MayArrive) } else { Ok(()) }
}

/// Cancels all that the vendor has under this line's references besides the one that stays.
pub(crate) async fn cancel_surplus(app: &App, call: &VendorCall) -> Result<(), VendorFailure> {
    for (reference, stays) in call.kept() {
        for order in app.vendor.ordered_as(reference).await? {
            if !order.is_cancelled() && Some(order.id.as_str()) != stays {
                tracing::warn!(order = %reference.order, line = reference.line, vendor_order = order.id, "cancelling what the vendor has too much");
                app.vendor.cancel(&order.id).await?;
            }
        }
    }
    Ok(())
}
