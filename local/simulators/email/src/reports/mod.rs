//! Delivery reports: what becomes of a mail with each recipient, told to Event Grid.

mod courier;
mod report;

pub(crate) use courier::Courier;
pub use report::Status;
pub(crate) use report::{Attempted, Report};
