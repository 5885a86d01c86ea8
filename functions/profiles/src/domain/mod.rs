//! What a profile and a service are and may become: plain values and decisions.
//! No Azure, no HTTP, no clock and no random ids of its own: times and ids come in as arguments.

mod account;
mod account_fact;
mod address;
mod body;
mod claim;
mod email_address;
mod ids;
mod photo;
mod picture;
mod profile;
mod service;
mod subscription;

pub(crate) use account::{Account, UserName};
pub(crate) use account_fact::AccountFact;
pub(crate) use address::{Country, PostalAddress};
pub(crate) use body::{Body, Form};
pub(crate) use claim::AddressClaim;
pub(crate) use email_address::EmailAddress;
pub(crate) use ids::{AccountId, PhotoId, ProfileId};
pub(crate) use photo::{Decision, Photo, PhotoRevisions, PhotoState, Photos};
pub(crate) use picture::{NotAPicture, parse_choice};
pub(crate) use profile::{Draft, Profile};
pub(crate) use service::{Service, ServiceDraft, Tier};
pub(crate) use subscription::{MAX_SUBSCRIPTIONS, Subscription};
pub(crate) use values::ServiceId;
