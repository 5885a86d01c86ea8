//! An invoice that was issued.

use super::{OrderId, ProfileId};
use invoice::{Invoice, Kind, Number};

/// An invoice or a credit note, and whose it is. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    /// The order, or the credit note as an order, that it is of.
    pub(crate) order: OrderId,
    pub(crate) profile: ProfileId,
    /// The SHA-256 of its UBL, in hexadecimal.
    pub(crate) ubl_sha256: String,
    pub(crate) invoice: Invoice,
}

impl Issued {
    pub(crate) fn number(&self) -> &Number {
        self.invoice.number()
    }

    pub(crate) fn kind(&self) -> IssuedKind {
        match self.invoice.content().kind {
            Kind::Invoice => IssuedKind::Invoice,
            Kind::CreditNote { .. } => IssuedKind::CreditNote,
        }
    }

    /// The invoice that it takes back, or parts of it.
    pub(crate) fn credits(&self) -> Option<&Number> {
        match &self.invoice.content().kind {
            Kind::Invoice => None,
            Kind::CreditNote { of, .. } => Some(of),
        }
    }
}

/// Which of the two. Clients are promised these words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum IssuedKind {
    #[default]
    Invoice,
    CreditNote,
}
