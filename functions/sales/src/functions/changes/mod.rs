//! Change feed of `orders`: whose order it is, and the events that tell others.
//!
//! The feed passes over versions, so nothing hangs on seeing each: what is to be told follows from the order's history, and
//! what was told is remembered in the list. The checkpoint moves when this succeeds; otherwise the host brings the batch
//! again, for ever, and an event that was sent before has the same id.

use crate::app::App;
use crate::domain::{ListedOrder, Order};
use crate::store::Orders;
use crate::{erasing, told};
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use futures::{StreamExt, TryStreamExt, stream};
use messages::keep_rejected;
use tracing::Instrument;

pub(crate) const FUNCTION: Function = function!();

/// How many orders are looked at at the same time.
const MAX_AT_ONCE: usize = 16;

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (orders, rejected) = Orders::changed(&feed);
    let (count, writers, invocation) = (orders.len(), &feed.writers(), &invocation);
    let sent: Vec<usize> = stream::iter(orders)
        .map(|order| async move {
            let item = writers.item(invocation, &order.id.to_string());
            follow(app, &order).instrument(item.span()).await
        })
        .buffer_unordered(MAX_AT_ONCE)
        .try_collect()
        .await?;
    let sent: usize = sent.iter().sum();
    for rejected in &rejected {
        keep_rejected(app, rejected, invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{count} orders, {sent} events")))
}

/// Tells what is new, then lists it: whoever is killed in between tells it again. Listed first and then looked for among
/// those who are erased: an erasure writes the other way round, so that one of the two finds the other.
async fn follow(app: &App, order: &Order) -> Result<usize, Failure> {
    let there = app.by_customer.read(order.profile, order.id).await.map_err(Failure::again)?;
    let is_told = |name: &str| there.as_ref().is_some_and(|there| there.told.contains(name));
    let mut sent = 0;
    for fact in order.facts().iter().filter(|fact| !is_told(&fact.name())) {
        let event = told::event(order, fact).map_err(Failure::again)?;
        app.events.send(&event).await.map_err(Failure::again)?;
        sent += 1;
    }
    let listed = ListedOrder::of(order).map_err(Failure::again)?;
    app.by_customer.keep(&listed).await.map_err(Failure::again)?;
    if erasing::may_be_late(order, there.as_ref()) {
        let is_erased = app.erased_people.has(order.profile).await.map_err(Failure::again)?;
        if is_erased {
            erasing::order(app, order.id).await.map_err(Failure::again)?;
        }
    }
    Ok(sent)
}
