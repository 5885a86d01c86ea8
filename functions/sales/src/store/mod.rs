//! How what is sold is kept: the only place that knows documents and blobs.

mod archive;
mod by_customer;
mod credits;
mod documents;
mod erased_people;
mod invoices;
mod licence_keys;
mod licences;
mod mail_operations;
mod orders;
mod overrides;
mod pace;
mod payloads;
mod series;
mod standing;
mod vendor_calls;

pub(crate) use by_customer::ByCustomer;
pub(crate) use erased_people::ErasedPeople;
pub(crate) use licence_keys::LicenceKeys;
pub(crate) use licences::Licences;
pub(crate) use mail_operations::MailOperations;

pub(crate) use archive::{Archive, Format, sha256};
pub(crate) use credits::InvoiceCredits;
pub(crate) use invoices::Invoices;
pub(crate) use orders::Orders;
pub(crate) use overrides::Overrides;
pub(crate) use pace::PaceStore;
pub(crate) use payloads::{PayloadError, Payloads};
pub(crate) use series::{InvoiceSeries, MAX_GIVEN, SeriesRead};
pub(crate) use standing::{Standing, place_of};
pub(crate) use vendor_calls::VendorCalls;
