//! Why there is no invoice.

use crate::Number;
use jiff::civil::Date;
use money::MoneyError;
use values::Violations;

/// Why a draft becomes no invoice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// Its content: each mistake with the JSON pointer of its field.
    #[error("the draft of an invoice is not complete or contradicts itself: {}", listed(.0))]
    Wrong(Violations),
    /// Its sums.
    #[error("the sums of the invoice cannot be made: {0}")]
    Sums(#[from] MoneyError),
    /// The number is of another year than the tax point.
    #[error(
        "{number} cannot be the number of an invoice whose tax point is {tax_point}: take the series of that year"
    )]
    OtherYear {
        /// That was to be its number.
        number: Number,
        /// When the VAT falls due.
        tax_point: Date,
    },
}

impl From<Violations> for InvoiceError {
    fn from(wrong: Violations) -> Self {
        Self::Wrong(wrong)
    }
}

fn listed(violations: &Violations) -> String {
    let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
    all.join("; ")
}
