//! How profiles and services are kept in Cosmos DB; the only place that knows documents.
//!
//! Every write is conditional. An e-mail address or user name is unique although it spans two containers:
//! how, is told in docs/decisions/0007-unique-addresses.md and done in [`addresses`].

mod addresses;
mod claims;
mod documents;
mod erasure;
mod given_up;
mod profiles;
mod registration;
mod requests;
mod services;

pub(crate) use given_up::{GivenUpMessage, GivenUpMessages};
pub(crate) use profiles::Profiles;
pub(crate) use registration::RegisterError;
pub(crate) use requests::{IdempotencyError, Registration, Requests};
pub(crate) use services::{Availability, DeleteError, Services};

use crate::domain::AddressClaim;
use iommi_app::{CosmosFailure, Refusal};
use std::time::Duration;

/// Why a change was not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangeError {
    /// Somebody else changed it first: read again, decide again.
    #[error("the document was changed by somebody else")]
    Changed,
    #[error("an address is in use by another profile")]
    Taken(Taken),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl From<Refusal> for ChangeError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Changed => Self::Changed,
            Refusal::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Addresses that belong to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) claims: Vec<AddressClaim>,
    /// Set if the other registration is still under way and may come to nothing.
    pub(crate) retry_after: Option<Duration>,
}
