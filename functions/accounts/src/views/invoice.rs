use crate::domain::{
    Account, AccountId, Amount, CreditorReference, PaymentState, Period, Statement,
};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Money;
use serde::Serialize;

/// `Invoice` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceView {
    account_id: AccountId,
    period: Period,
    number: u32,
    from: Timestamp,
    to: Timestamp,
    opening: Money,
    purchases: Money,
    refunds: Money,
    chargebacks: Money,
    payments: Money,
    closing: Money,
    entries: u64,
    due: Money,
    due_on: Date,
    paid: Money,
    state: PaymentState,
    payment_reference: String,
    closed_at: Timestamp,
}

impl InvoiceView {
    /// As it is paid by now.
    pub(crate) fn of(statement: &Statement, account: &Account, now: Timestamp) -> Self {
        let money = |amount: Amount| amount.in_currency(statement.currency);
        Self {
            account_id: statement.account_id,
            period: statement.period,
            number: statement.number,
            from: statement.from,
            to: statement.to,
            opening: money(statement.opening),
            purchases: money(statement.sums.purchases),
            refunds: money(statement.sums.refunds),
            chargebacks: money(statement.sums.chargebacks),
            payments: money(statement.sums.payments),
            closing: money(statement.closing()),
            entries: statement.entries,
            due: money(statement.due()),
            due_on: statement.due_on,
            paid: money(statement.paid(account)),
            state: statement.payment(account, now),
            payment_reference: CreditorReference::of(statement.account_id).to_string(),
            closed_at: statement.closed_at,
        }
    }
}
