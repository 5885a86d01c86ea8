//! What lies in the containers.

mod issued;
mod licence;
mod listed;
mod mail_operation;
mod order;
mod series;
mod vendor_call;

pub(in crate::store) use issued::IssuedDocument;
pub(in crate::store) use licence::{KeyShownDocument, LicenceDocument, place as place_of};
pub(in crate::store) use listed::ListedDocument;
pub(in crate::store) use mail_operation::MailOperationDocument;
pub(in crate::store) use order::{OrderDocument, place};
pub(in crate::store) use series::{CounterDocument, GivenDocument};
pub(in crate::store) use vendor_call::{VendorCallDocument, call_id};

/// The form of all documents of this release.
pub(in crate::store) const SCHEMA_VERSION: u32 = 1;
