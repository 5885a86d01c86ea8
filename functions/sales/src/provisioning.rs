//! The step `provision`: each line is ordered at the vendor, is what was ordered, becomes a licence, and is active.

use crate::app::App;
use crate::domain::{
    DeliveredLine, Licence, LicenceState, OrderLine, ProblemCode, Provisioned, VendorOrder,
};
use crate::licensing::{self, NotLearnt};
use crate::ordering::{later, order_line};
use crate::steps::{Payload, Stopped, Work, asked_later, broken, over};
use crate::vendor::{Refused, VendorFailure};
use jiff::SignedDuration;
use std::time::Duration;

/// When a vendor is asked again whether it has activated an order. Its webhook wakes the step earlier.
const ASK_AGAIN_IN: Duration = Duration::from_secs(30);
/// How long an order may be activating before a person has to look.
const ACTIVATED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

impl Payload for Provisioned {
    const TYPE: &'static str = "provisioned";
}

/// What the vendor delivered for all lines. One that cannot be delivered as it was ordered stops the whole order; what was
/// taken for the others is given back then (`releasing`).
pub(crate) async fn provision(app: &App, work: &Work) -> Result<Provisioned, Stopped> {
    is_there(app, work).await?;
    let mut taken = Vec::with_capacity(work.order.lines.len());
    for line in &work.order.lines {
        let order = order_line(app, work, line).await?;
        if !was_delivered(app, work, line, &order).await? {
            is_as_ordered(line, &order)?;
        }
        taken.push((line, order));
    }
    let mut lines = Vec::with_capacity(taken.len());
    let mut waits = None;
    for (line, order) in taken {
        let order = until_its_day(app, work, line, order).await?;
        let licence = licensed(app, work, line, &order).await?;
        if licence.state == LicenceState::Pending {
            waits = Some(line.line);
        }
        lines.push(delivered(line, &licence));
    }
    match waits {
        None => Ok(Provisioned { lines }),
        Some(line) => Err(activating(app, work, line)),
    }
}

async fn is_there(app: &App, work: &Work) -> Result<(), Stopped> {
    match app.profiles.exists(work.order.profile).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let detail = "the profile is not there, or was erased: nothing was bought for it";
            Err(over(ProblemCode::NoSuchProfile, detail))
        }
        Err(failure) => Err(asked_later(failure)),
    }
}

/// Whether the line was delivered in an earlier attempt that succeeded: what became of it since is no failure of this one.
async fn was_delivered(
    app: &App,
    work: &Work,
    line: &OrderLine,
    order: &VendorOrder,
) -> Result<bool, Stopped> {
    if !work.order.was_provisioned() {
        return Ok(false);
    }
    let id = crate::domain::LicenceId::of(work.order.id, line.line);
    let found = app.licences.read(work.order.profile, id).await.map_err(broken)?;
    Ok(found.is_some_and(|it| it.vendor_order == order.id && it.activated_at.is_some()))
}

fn is_as_ordered(line: &OrderLine, order: &VendorOrder) -> Result<(), Stopped> {
    order.fits(line).map_err(Stopped::Over)?;
    if order.is_cancelled() {
        let detail = format!("line {}: the vendor has cancelled the order itself", line.line);
        return Err(over(ProblemCode::VendorRefused, detail));
    }
    Ok(())
}

/// The vendor's order, good for as long as was ordered: the vendor is told so, unless it says so already.
async fn until_its_day(
    app: &App,
    work: &Work,
    line: &OrderLine,
    order: VendorOrder,
) -> Result<VendorOrder, Stopped> {
    if was_delivered(app, work, line, &order).await? {
        return Ok(order);
    }
    let call = app.vendor_calls.read(work.order.id, line.line).await.map_err(broken)?;
    let wanted = call.ok_or_else(|| broken("what was ordered is not to be seen"))?.valid_to;
    if order.valid_to == wanted {
        return Ok(order);
    }
    match app.vendor.change(&order, order.quantity, wanted).await {
        Ok(order) => Ok(order),
        // It is read anew at the next try.
        Err(Refused::Revision | Refused::Cancelled) => {
            Err(later(VendorFailure::Odd("its order has changed meanwhile".to_owned())))
        }
        Err(Refused::NotSent(failure) | Refused::Unknown(failure)) => Err(later(failure)),
        Err(refused) => {
            Err(over(ProblemCode::VendorRefused, format!("line {}: {refused}", line.line)))
        }
    }
}

async fn licensed(
    app: &App,
    work: &Work,
    line: &OrderLine,
    order: &VendorOrder,
) -> Result<Licence, Stopped> {
    let licence = Licence::ordered(&work.order, line, order, app.clock.now());
    let licence = app.licences.put(&licence).await.map_err(broken)?;
    match licensing::learn(app, &licence, order, None).await {
        Ok(Some(licence)) => Ok(licence),
        Ok(None) => Err(broken("the licence that was just written is not to be seen")),
        Err(NotLearnt::Vendor(failure)) => Err(later(failure)),
        Err(error) => Err(broken(error)),
    }
}

fn delivered(line: &OrderLine, licence: &Licence) -> DeliveredLine {
    DeliveredLine {
        line: line.line,
        service_id: line.service.clone(),
        licence_id: licence.id,
        vendor_order_id: licence.vendor_order.clone(),
        quantity: line.quantity,
        valid_to: licence.valid_to,
    }
}

/// An invoice is for what is delivered: until then the step sleeps, for a day.
fn activating(app: &App, work: &Work, line: u32) -> Stopped {
    if app.clock.now().duration_since(work.due.since) < ACTIVATED_WITHIN {
        return Stopped::Asleep(ASK_AGAIN_IN);
    }
    let detail = format!("line {line}: the vendor has not activated it within a day");
    over(ProblemCode::NotAnswering, detail)
}
