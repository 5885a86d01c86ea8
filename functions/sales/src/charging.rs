//! The steps `authorise` and `capture`: a sale that is charged to an account of the buyer. Each charge
//! has a name that follows from the order, so that whoever has lost an answer asks for the same again and is told how it
//! stands.

use crate::accounts::Charged;
use crate::app::App;
use crate::domain::{AccountId, OnAccount, Order, ProblemCode};
use crate::issuing;
use crate::steps::{Payload, Stopped, Work, asked_later, broken, over};
use money::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the step `authorise` leaves behind: nothing of it names a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Authorised {
    account_id: AccountId,
    charge_id: Uuid,
    amount: Money,
}

impl Payload for Authorised {
    const TYPE: &'static str = "authorised";
}

/// What the step `capture` leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Captured {
    account_id: AccountId,
    charge_id: Uuid,
    /// Of a credit note: what was given back.
    refund_id: Option<Uuid>,
    amount: Money,
}

impl Payload for Captured {
    const TYPE: &'static str = "captured";
}

/// Holds what the order comes to, before anything is bought for it.
pub(crate) async fn authorise(app: &App, work: &Work) -> Result<Authorised, Stopped> {
    let sale = of(&work.order)?;
    let merchant = app.seller.party.name.as_str();
    match app.accounts.hold(sale, work.order.profile, merchant).await.map_err(asked_later)? {
        Charged::Done => Ok(Authorised {
            account_id: sale.account,
            charge_id: sale.charge(),
            amount: sale.amount,
        }),
        Charged::Refused(why) => Err(declined(&format!("nothing is held of the account: {why}"))),
    }
}

/// Takes what the invoice says, or gives back what the credit note says.
pub(crate) async fn capture(app: &App, work: &Work) -> Result<Captured, Stopped> {
    let (order, sale) = (&work.order, of(&work.order)?);
    let number = order.invoice_number.as_deref();
    let number = number.ok_or_else(|| broken("the order has no invoice yet"))?;
    let amount = issuing::read(app, number).await?.invoice.totals().gross;
    let refund_id = order.credits.is_some().then(|| order.id.operation("refund"));
    let charged = match refund_id {
        _ if amount.amount().is_zero() => Ok(Charged::Done),
        Some(refund) => app.accounts.refund(sale, refund, amount).await,
        None => app.accounts.capture(sale, amount).await,
    };
    match charged.map_err(asked_later)? {
        Charged::Done => {
            Ok(Captured { account_id: sale.account, charge_id: sale.charge(), refund_id, amount })
        }
        Charged::Refused(why) => {
            let what = if refund_id.is_some() { "given back to" } else { "charged to" };
            Err(declined(&format!("{number} is not {what} the account: {why}")))
        }
    }
}

fn of(order: &Order) -> Result<&OnAccount, Stopped> {
    order.on_account.as_ref().ok_or_else(|| broken("the order is charged to no account"))
}

fn declined(why: &str) -> Stopped {
    over(ProblemCode::PaymentDeclined, why)
}
