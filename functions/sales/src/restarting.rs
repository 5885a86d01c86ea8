//! A step is made once more, because a person says so.

use crate::app::App;
use crate::domain::{NotRestartable, Order, OrderId, PayloadPath, Step};
use crate::settling::NotSettled;
use crate::steps;
use azure_data::{ChangeError, CosmosFailure, Exhausted, StorageFailure};

/// From which step on, and by whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Restart<'a> {
    pub(crate) from: Step,
    /// Whether the mail goes out again, though it went out before.
    pub(crate) resend: bool,
    pub(crate) by: &'a str,
}

/// Why an order goes on as it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotRestarted {
    #[error("there is no order with the id {0}")]
    NoSuchOrder(OrderId),
    #[error("{}", reason(*.0))]
    Refused(NotRestartable),
    /// What the step works from went after 30 days.
    #[error("{0} is not there any more: it is kept for 30 days")]
    Expired(PayloadPath),
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    #[error(transparent)]
    NotSettled(#[from] NotSettled),
}

fn reason(why: NotRestartable) -> &'static str {
    match why {
        NotRestartable::NoSuchStep => "the order has no such step",
        NotRestartable::NotMade => "the step was not made yet: restart from one that was",
        NotRestartable::AtWork => "the step is at work: nothing is to be restarted",
        NotRestartable::Cancelled => "the order is cancelled: there is nothing to be made of it",
    }
}

/// Has the step made once more, and what follows it. What has a life outside, such as a number or an order at the
/// vendor, is found again and not made twice.
pub(crate) async fn restart(
    app: &App,
    id: OrderId,
    what: Restart<'_>,
) -> Result<Order, NotRestarted> {
    let found = app.orders.read(id).await?;
    let order = found.ok_or(NotRestarted::NoSuchOrder(id))?;
    if needs_payload(what.from) {
        let path = order.input_of(what.from);
        if !app.payloads.is_there(&path).await? {
            return Err(NotRestarted::Expired(path));
        }
    }
    let now = app.clock.now();
    let restarted =
        app.orders.change(id, |order| order.restart(what.from, what.resend, what.by, now)).await;
    let order = restarted.map_err(|error| match error {
        ChangeError::Refused(why) => NotRestarted::Refused(why),
        ChangeError::Exhausted(exhausted) => exhausted.into(),
        ChangeError::Failed(failure) => failure.into(),
    })?;
    let order = order.ok_or(NotRestarted::NoSuchOrder(id))?;
    steps::follow(app, &order).await?;
    Ok(order)
}

/// Whether a step works from what the one before left behind alone. The account is charged with what the invoice says, and
/// a picture and a mail are made of it: that stays.
fn needs_payload(step: Step) -> bool {
    !matches!(step, Step::Capture | Step::Document | Step::Email)
}
