//! How profiles and services are kept in Cosmos DB; the only place that knows documents.
//!
//! Every write is conditional. An e-mail address or user name is unique although it spans two containers:
//! how, is told in docs/decisions/0007-unique-addresses.md and done in [`addresses`].

mod addresses;
mod announced;
mod claims;
mod collection;
mod documents;
mod erasure;
mod fences;
mod places;
mod profiles;
mod raising;
mod reconciliation;
mod registration;
mod requests;
mod services;

pub(crate) use addresses::Taken;
pub(crate) use announced::Announced;
#[cfg(test)]
pub(crate) use collection::Collection;
pub(crate) use documents::{ChangedAccount, ErasedProfile, OpenAccount};
pub(crate) use places::{Place, Reconciliation};
pub(crate) use profiles::{NotStored, Profiles};
pub(crate) use raising::Raised;
#[cfg(test)]
pub(crate) use reconciliation::StoredReservation;
pub(crate) use reconciliation::{Finding, StoredProfile};
pub(crate) use registration::{RegisterError, Registered};
pub(crate) use requests::Registration;
pub(crate) use services::{Availability, DeleteError, Services};
