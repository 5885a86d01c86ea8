//! Never more is credited of an invoice than is left: each credit note has its share, written on condition.

use crate::app::App;
use crate::domain::{CreditOf, Issued, NotCreditable, OrderId, ProblemCode, Reserved};
use crate::steps::{Stopped, broken, over};
use azure_data::ChangeError;

/// The share of a credit note, and those that came before it. Reserved again it is the same.
pub(crate) async fn reserve(
    app: &App,
    note: OrderId,
    credits: &CreditOf,
    of: &Issued,
) -> Result<Vec<Reserved>, ChangeError<NotCreditable>> {
    let with_share = |now: crate::domain::Credits| now.reserve(note, &credits.pieces, &of.invoice);
    let reserved = app.credits.change(&credits.invoice, with_share).await?;
    Ok(reserved.before(note).unwrap_or_default().to_vec())
}

impl From<ChangeError<NotCreditable>> for Stopped {
    fn from(error: ChangeError<NotCreditable>) -> Self {
        match error {
            ChangeError::Refused(why) => over(ProblemCode::InvoiceInvalid, why.to_string()),
            passing => broken(passing),
        }
    }
}
