//! Queue `sales-invoice-%SUN_REGION%`: an order, or a credit note, gets its number and is written as an invoice.

use crate::app::App;
use crate::domain::{Issued, IssuedKind, Order, Step};
use crate::issuing;
use crate::steps::{self, Payload};
use crate::store::{Archive, Format};
use custom_handler::{Done, Failure, Function, Invocation, QueueMessage, function};
use invoice::Number;
use jiff::civil::Date;
use money::Money;
use serde::{Deserialize, Serialize};

pub(crate) const FUNCTION: Function = function!();

/// What this step leaves behind: nothing of it is about a person.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceMade {
    number: Number,
    kind: IssuedKind,
    issued_on: Date,
    net: Money,
    vat: Money,
    total: Money,
    ubl: String,
    sha256: String,
}

impl Payload for InvoiceMade {
    const TYPE: &'static str = "invoice";

    fn noted(&self, mut order: Order) -> Order {
        order.invoice_number = Some(self.number.to_string());
        order
    }
}

impl From<Issued> for InvoiceMade {
    fn from(issued: Issued) -> Self {
        let totals = issued.invoice.totals();
        Self {
            number: issued.number().clone(),
            kind: issued.kind(),
            issued_on: issued.invoice.content().issued,
            net: totals.net,
            vat: totals.vat,
            total: totals.gross,
            ubl: Archive::path(issued.number(), Format::Ubl),
            sha256: issued.ubl_sha256,
        }
    }
}

/// Issues it, unless it is issued.
pub(crate) async fn handle(
    app: &App,
    message: QueueMessage,
    invocation: Invocation,
) -> Result<Done, Failure> {
    steps::make(app, Step::Invoice, &message, invocation, async |work| {
        issuing::issue(app, &work.order).await.map(InvoiceMade::from)
    })
    .await
}
