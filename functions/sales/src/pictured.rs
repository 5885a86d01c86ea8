//! What a mail brings: as the step `document` left it behind or, once that went, as the invoice says it, which stays.

use crate::app::App;
use crate::domain::{IssuedKind, Order};
use crate::issuing;
use crate::steps::{Stopped, Work};
use crate::store::{Archive, Format, PayloadError};
use jiff::civil::Date;
use money::Money;
use serde::Deserialize;

/// An invoice whose picture is made.
#[derive(Debug, Deserialize)]
pub(crate) struct Pictured {
    pub(crate) number: String,
    #[serde(default)]
    pub(crate) kind: IssuedKind,
    pub(crate) total: Money,
    #[serde(default)]
    pub(crate) due: Option<Date>,
    /// `sales-invoices/…`
    pub(crate) pdf: String,
}

/// What the mail of an order brings.
pub(crate) async fn of(app: &App, work: &Work) -> Result<Pictured, Stopped> {
    let path = work.order.input_of(work.due.step);
    match app.payloads.read(&path).await {
        Ok(pictured) => Ok(pictured),
        Err(expired @ PayloadError::Expired(_)) => of_invoice(app, &work.order, expired).await,
        Err(error) => Err(error.into()),
    }
}

async fn of_invoice(app: &App, order: &Order, expired: PayloadError) -> Result<Pictured, Stopped> {
    let Some(number) = &order.invoice_number else { return Err(expired.into()) };
    let issued = issuing::read(app, number).await?;
    Ok(Pictured {
        kind: issued.kind(),
        total: issued.invoice.totals().gross,
        due: issued.invoice.content().due,
        pdf: Archive::path(issued.number(), Format::Pdf),
        number: issued.number().to_string(),
    })
}
