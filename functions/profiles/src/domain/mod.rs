//! What a profile and a service are and may become: plain values and decisions.
//! No Azure, no HTTP, no clock and no random ids of its own: times and ids come in as arguments.

mod account;
mod address;
mod claim;
mod fields;
mod ids;
mod photo;
mod picture;
mod price;
mod profile;
mod service;
mod subscription;
mod text;

pub(crate) use account::{EmailAddress, UserName};
pub(crate) use claim::AddressClaim;
pub(crate) use fields::{Violation, Violations};
pub(crate) use ids::{AccountId, PhotoId, ProfileId, ServiceId};
pub(crate) use photo::{Decision, PhotoRevisions, PhotoState};
pub(crate) use picture::{NotAPicture, parse_choice};
pub(crate) use profile::{Body, Draft, Profile, Revision};
pub(crate) use service::{Service, ServiceDraft};
pub(crate) use subscription::{MAX_SUBSCRIPTIONS, Subscription};

/// The shape of what is stored and shown; raised when a field changes its meaning.
pub(crate) const SCHEMA_VERSION: u32 = 1;
