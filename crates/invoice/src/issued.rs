//! An invoice that was issued.

use crate::{Draft, InvoiceError, Number, Totals};
use serde::{Deserialize, Serialize};

/// An invoice or a credit note: content, sums and number, none of which ever changes. What is wrong with an invoice is
/// taken back by a credit note ([`Invoice::credit`]).
///
/// In JSON `{"number", "content", "totals"}`. What was kept is read as it is and not reckoned again: an old invoice stays
/// what it was, also when the rules here have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    number: Number,
    content: Draft,
    totals: Totals,
}

impl Invoice {
    /// What it is known by.
    #[must_use]
    pub fn number(&self) -> &Number {
        &self.number
    }

    /// All that was in the draft.
    #[must_use]
    pub fn content(&self) -> &Draft {
        &self.content
    }

    /// Its sums.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}

impl Draft {
    /// Issues it under this number: from here on nothing of it changes.
    ///
    /// # Errors
    /// As [`Draft::totals`]; [`InvoiceError::OtherYear`] if the number's series is of another year than the tax point.
    pub fn numbered(self, number: Number) -> Result<Invoice, InvoiceError> {
        if number.series().year() != self.tax_point.year() {
            return Err(InvoiceError::OtherYear { number, tax_point: self.tax_point });
        }
        let totals = self.totals()?;
        Ok(Invoice { number, content: self, totals })
    }
}
