use crate::domain::{
    AccountId, Buyer, Cancelled, CreditOf, Mail, Order, OrderId, OrderLine, OrderState, ProfileId,
    ServiceId, StepProgress,
};
use jiff::Timestamp;
use money::{Money, MoneyError};
use public_api::versions::Versioned;
use serde::Serialize;
use values::{Revision, moment};

/// `Order` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderView<'a> {
    id: OrderId,
    profile_id: ProfileId,
    #[serde(with = "moment")]
    placed_at: Timestamp,
    state: OrderState,
    buyer: Option<&'a Buyer>,
    lines: Vec<LineView<'a>>,
    net: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    credits: Option<&'a CreditOf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<PaymentView>,
    steps: &'a [StepProgress],
    cancelled: Option<&'a Cancelled>,
    invoice_number: Option<&'a str>,
    mail: Option<MailView<'a>>,
    revision: Revision,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView<'a> {
    line: u32,
    service_id: &'a ServiceId,
    name: &'a str,
    quantity: u32,
    months: u32,
    unit_price: Money,
    net: Money,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentView {
    on_account: AccountId,
}

#[derive(Debug, Serialize)]
struct MailView<'a> {
    status: &'a str,
    #[serde(with = "moment")]
    at: Timestamp,
}

impl Versioned for OrderView<'_> {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl<'a> OrderView<'a> {
    /// # Errors
    /// A sum is more than an amount can hold: no order is accepted with one.
    pub(crate) fn of(order: &'a Order) -> Result<Self, MoneyError> {
        let line = |line: &'a OrderLine| {
            Ok(LineView {
                line: line.line,
                service_id: &line.service,
                name: &line.name,
                quantity: line.quantity,
                months: line.months,
                unit_price: line.unit_price,
                net: line.net()?,
            })
        };
        let mail = |mail: &'a Mail| MailView { status: &mail.status, at: mail.at };
        Ok(Self {
            id: order.id,
            profile_id: order.profile,
            placed_at: order.placed_at,
            state: order.state(),
            buyer: order.buyer.as_ref(),
            lines: order.lines.iter().map(line).collect::<Result<_, _>>()?,
            net: order.net()?,
            credits: order.credits.as_ref(),
            payment: order.on_account.as_ref().map(|it| PaymentView { on_account: it.account }),
            steps: order.progress.steps(),
            cancelled: order.cancelled.as_ref(),
            invoice_number: order.invoice_number.as_deref(),
            mail: order.mail.as_ref().map(mail),
            revision: order.revision,
        })
    }
}
