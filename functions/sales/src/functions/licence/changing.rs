//! What a customer does to a licence, told to the vendor. The vendor's order is asked before it is changed, so a request
//! whose answer was lost may come again; and it is changed as of the revision that the customer saw.

use crate::app::App;
use crate::domain::{Licence, LicenceState, LicenceWish, VendorOrder};
use crate::vendor::Refused;
use crate::views::LicenceView;
use crate::{licensing, problems};
use custom_handler::{IfMatch, MergePatch, Problem};
use public_api::problems::{invalid_body, not_changed};
use public_api::versions;
use serde_json::json;

/// The licence as the patch wants it.
pub(super) async fn change(
    app: &App,
    licence: Licence,
    expected: &IfMatch,
    patch: &MergePatch,
    by: &str,
) -> Result<Licence, Problem> {
    let wish = wished(app, &licence, expected, patch)?;
    let licence = if wish.is_for_vendor(&licence) {
        tell_vendor(app, &licence, &wish, by).await?
    } else {
        licence
    };
    let now = app.clock.now();
    if wish.assigned_to == licence.assigned_to {
        return Ok(licence);
    }
    let version = licence.revision;
    let assign = |it: Licence| {
        if it.revision != version {
            return Err(versions::precondition_failed(it.revision));
        }
        Ok(it.assigned(wish.assigned_to.clone(), by, now))
    };
    let assigned = app.licences.change(licence.profile, licence.id, assign).await;
    let assigned = assigned.map_err(|error| not_changed(error, |problem| problem))?;
    assigned.ok_or_else(|| problems::no_such_licence(licence.id))
}

fn wished(
    app: &App,
    licence: &Licence,
    expected: &IfMatch,
    patch: &MergePatch,
) -> Result<LicenceWish, Problem> {
    let now = app.clock.now();
    let view = LicenceView::of(licence, now);
    versions::check(&view, expected)?;
    is_active(app, licence)?;
    let (quantity, valid_to) = (licence.quantity, values::moment::text(licence.valid_to));
    let current = json!({
        "quantity": quantity, "validTo": valid_to, "assignedTo": licence.assigned_to,
    });
    let merged = versions::merged(&current, patch);
    LicenceWish::parse(&merged, licence, now).map_err(invalid_body)
}

/// # Errors
/// 409: there is nothing that could be changed, or a key of.
pub(crate) fn is_active(app: &App, licence: &Licence) -> Result<(), Problem> {
    match licence.state_at(app.clock.now()) {
        LicenceState::Active => Ok(()),
        state => Err(problems::licence_not_active(state)),
    }
}

async fn tell_vendor(
    app: &App,
    licence: &Licence,
    wish: &LicenceWish,
    by: &str,
) -> Result<Licence, Problem> {
    let order = at_vendor(app, &same(expected(app, licence).await?, licence)?).await?;
    if order.quantity == wish.quantity && order.valid_to == wish.valid_to && !order.is_cancelled() {
        // An earlier request came so far, and its answer was lost.
        return learnt(app, licence, &order, Some(by)).await;
    }
    // The vendor may have changed it, and nobody has told us: then the customer sees first what it is.
    let licence = same(learnt(app, licence, &order, None).await?, licence)?;
    match app.vendor.change(&order, wish.quantity, wish.valid_to).await {
        Ok(order) => learnt(app, &licence, &order, Some(by)).await,
        Err(Refused::Revision | Refused::Cancelled) => {
            let order = at_vendor(app, &licence).await?;
            let now = learnt(app, &licence, &order, None).await?;
            Err(versions::precondition_failed(now.revision))
        }
        Err(refused) => Err(problems::vendor_refused(refused)),
    }
}

/// The licence as it is now, if it is still the version that the customer saw.
fn same(now: Licence, seen: &Licence) -> Result<Licence, Problem> {
    if now.revision == seen.revision {
        return Ok(now);
    }
    Err(versions::precondition_failed(now.revision))
}

/// Cancels it at the vendor, and here.
pub(super) async fn cancel(app: &App, licence: Licence, by: &str) -> Result<Licence, Problem> {
    match licence.state {
        LicenceState::Cancelled => return Ok(licence),
        LicenceState::Pending => return Err(problems::licence_not_active(licence.state)),
        LicenceState::Active | LicenceState::Expired => {}
    }
    let licence = expected(app, &licence).await?;
    let cancelled = app.vendor.cancel(&licence.vendor_order).await;
    let cancelled = cancelled.map_err(|failure| problems::not_learnt(failure.into()))?;
    let order = cancelled.ok_or_else(problems::vendor_forgot)?;
    learnt(app, &licence, &order, Some(by)).await
}

async fn learnt(
    app: &App,
    licence: &Licence,
    order: &VendorOrder,
    by: Option<&str>,
) -> Result<Licence, Problem> {
    let learnt = licensing::learn(app, licence, order, by).await.map_err(problems::not_learnt)?;
    learnt.ok_or_else(|| problems::no_such_licence(licence.id))
}

async fn expected(app: &App, licence: &Licence) -> Result<Licence, Problem> {
    let noted = licensing::expect(app, licence.profile, licence.id).await;
    noted.map_err(problems::not_learnt)?.ok_or_else(|| problems::no_such_licence(licence.id))
}

async fn at_vendor(app: &App, licence: &Licence) -> Result<VendorOrder, Problem> {
    let found = app.vendor.find(&licence.vendor_order).await;
    let found = found.map_err(|failure| problems::not_learnt(failure.into()))?;
    found.ok_or_else(problems::vendor_forgot)
}
