//! Messages to the platform: made, signed, sent, and what goes wrong on the way.

mod delivery;
mod fate;
mod message;
mod pan;
mod platform;
mod signature;

pub(crate) use delivery::{Delivered, Delivery};
pub(crate) use message::authorisation_id;
pub(crate) use pan::PANS;
pub(crate) use platform::Platform;
