use super::SCHEMA_VERSION;
use crate::domain::{Issued, IssuedKind, OrderId, ProfileId};
use invoice::{Invoice, Number};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An invoice or a credit note. Nothing in it is of the moment in which it is written, so that whoever repeats writes the
/// same.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct IssuedDocument {
    id: Number,
    schema_version: u32,
    order_id: OrderId,
    profile_id: ProfileId,
    kind: IssuedKind,
    /// The invoice that is taken back.
    credits: Option<Number>,
    issued_on: Date,
    ubl_sha256: String,
    invoice: Invoice,
}

impl From<&Issued> for IssuedDocument {
    fn from(issued: &Issued) -> Self {
        Self {
            id: issued.number().clone(),
            schema_version: SCHEMA_VERSION,
            order_id: issued.order,
            profile_id: issued.profile,
            kind: issued.kind(),
            credits: issued.credits().cloned(),
            issued_on: issued.invoice.content().issued,
            ubl_sha256: issued.ubl_sha256.clone(),
            invoice: issued.invoice.clone(),
        }
    }
}

impl From<IssuedDocument> for Issued {
    fn from(document: IssuedDocument) -> Self {
        Self {
            order: document.order_id,
            profile: document.profile_id,
            ubl_sha256: document.ubl_sha256,
            invoice: document.invoice,
        }
    }
}
