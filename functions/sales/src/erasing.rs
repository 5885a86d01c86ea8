//! What is done when somebody is erased: to each of their orders, as it is then. Done again it changes nothing.

use crate::app::App;
use crate::domain::{Licence, ListedOrder, Order, OrderId, ProfileId};
use crate::settling::NotSettled;
use crate::steps;
use crate::store::{ByCustomer, Licences};
use azure_data::ChangeError;
use std::convert::Infallible;
use std::num::NonZeroU32;

/// Orders that are read at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// Most orders of one person in one run; more are an alarm.
const MOST: usize = 20_000;

/// Erases a person from all orders that are known to be theirs. One that is being placed at this moment meets the person's
/// tombstone when it is listed.
pub(crate) async fn everywhere(app: &App, person: ProfileId) -> Result<usize, NotSettled> {
    let (mut after, mut seen, mut failed) = (None::<String>, 0, None);
    while seen < MOST {
        let page = app.by_customer.list(person, after.as_deref(), PAGE).await?;
        for listed in &page {
            // One that does not get on must not keep the others.
            if let Err(error) = order(app, listed.id).await {
                failed = Some(error);
            }
        }
        seen += page.len();
        after = page.last().map(ByCustomer::place);
        if page.len() < PAGE.get() as usize {
            return failed.map_or(Ok(seen), Err);
        }
    }
    tracing::error!(alarm = "erasure-too-large", profile = %person, seen, "not all orders were looked at");
    failed.map_or(Ok(seen), Err)
}

/// Takes the names out of all licences of a person: whom they were given to, now and before.
pub(crate) async fn licences(app: &App, person: ProfileId) -> Result<(), NotSettled> {
    let (mut after, mut seen) = (None::<String>, 0);
    while seen < MOST {
        let page = app.licences.list(person, after.as_deref(), PAGE).await?;
        for licence in &page {
            let nameless = |licence: Licence| Ok::<_, Infallible>(licence.anonymous());
            app.licences.change(person, licence.id, nameless).await?;
        }
        seen += page.len();
        after = page.last().map(Licences::position);
        if page.len() < PAGE.get() as usize {
            break;
        }
    }
    Ok(())
}

/// Erases the person from an order.
pub(crate) async fn order(app: &App, id: OrderId) -> Result<(), NotSettled> {
    let now = app.clock.now();
    let erased = |order: Order| Ok::<_, Infallible>(order.person_erased(now));
    let changed: Result<_, ChangeError<Infallible>> = app.orders.change(id, erased).await;
    match changed? {
        Some(order) => steps::follow(app, &order).await,
        None => Ok(()),
    }
}

/// Whether an order that is listed has to be held against the tombstones: it is new, or all is done with it.
pub(crate) fn may_be_late(order: &Order, listed: Option<&ListedOrder>) -> bool {
    order.erased_at.is_none() && (listed.is_none() || order.due().is_none())
}
