//! What somebody orders.

use super::{AccountId, Buyer, ServiceId};
use serde_json::Value;
use values::{Fields, Refused, Violations};

/// Most lines of an order.
pub(crate) const MAX_LINES: usize = 10;
/// Most pieces of one service in an order.
pub(crate) const MAX_QUANTITY: u32 = 10_000;
/// The longest time for which a licence is ordered.
pub(crate) const MAX_MONTHS: u32 = 36;

/// The body of `POST orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewOrder {
    pub(crate) lines: Vec<NewLine>,
    pub(crate) buyer: Buyer,
    /// Which account of the buyer is charged. `None`: the buyer pays what the invoice says.
    pub(crate) account: Option<AccountId>,
}

/// So much of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewLine {
    pub(crate) service: ServiceId,
    pub(crate) quantity: u32,
    pub(crate) months: u32,
}

impl NewOrder {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let lines = fields.list("lines", 1..=MAX_LINES, NewLine::read);
        let buyer = fields.object("buyer", Buyer::read);
        let account = fields.optional_object("payment", |payment| {
            payment.text("onAccount", str::parse::<AccountId>)
        });
        fields.finish()?;
        let (lines, buyer, account) = (lines?, buyer?, account?);
        if let Some(at) = first_twin(&lines) {
            let what = "is there twice: order more of it in one line";
            return Err(Violations::one(format!("/lines/{at}/serviceId"), what));
        }
        Ok(Self { lines, buyer, account })
    }
}

impl NewLine {
    fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let service = fields.text("serviceId", str::parse::<ServiceId>);
        let quantity = fields.optional_integer("quantity", |n| {
            bounded(n, MAX_QUANTITY).ok_or("must be 1 to 10000 pieces")
        });
        let months = fields
            .optional_integer("months", |n| bounded(n, MAX_MONTHS).ok_or("must be 1 to 36 months"));
        Ok(Self {
            service: service?,
            quantity: quantity?.unwrap_or(1),
            months: months?.unwrap_or(1),
        })
    }
}

fn bounded(number: i64, most: u32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| (1..=most).contains(number))
}

/// The first line whose service an earlier one has.
fn first_twin(lines: &[NewLine]) -> Option<usize> {
    (1..lines.len()).find(|&at| lines[..at].iter().any(|line| line.service == lines[at].service))
}
