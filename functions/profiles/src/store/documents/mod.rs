//! The documents as they are stored. That of a profile is a contract: the app `legacy` reads it from the change feed.

mod account;
mod living;
mod profile;
mod service;

pub(crate) use account::{ChangedAccount, OpenAccount};
pub(super) use living::{CLAIM_GRACE, Living, REGISTERING_TTL_S};
pub(crate) use profile::ErasedProfile;
pub(super) use profile::{
    Fenced, ProfileDocument, Removed, Reservation, TOMBSTONE_TTL_S, Tombstone,
};
pub(super) use service::ServiceDocument;

/// The shape of what is stored; raised when a field changes its meaning.
const SCHEMA_VERSION: u32 = 1;
