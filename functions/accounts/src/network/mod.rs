//! What the card network's processor sends: signed, and in its own words.

mod messages;
mod signature;

pub(crate) use messages::{AuthorisationBody, EventBody, Told};
pub(crate) use signature::{NETWORK_KEYS, NetworkKeys, check};
