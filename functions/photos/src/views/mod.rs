//! What clients and moderators see as JSON.

pub(crate) mod case;
pub(crate) mod photo;
pub(crate) mod statistics;
pub(crate) mod ticket;
