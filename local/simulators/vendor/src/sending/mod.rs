//! Webhooks about what changes, by Standard Webhooks: signed, tried again, and spoiled as the faults will have it.

mod courier;
mod fate;
mod notice;

pub(crate) use courier::Courier;
pub(crate) use notice::{Attempted, Notice, Outcome};
