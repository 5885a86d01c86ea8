//! What programs tell about themselves by OpenTelemetry: received ([`receive`]), kept within limits ([`Store`]), and
//! put in order for the page ([`tree`]). The host's own spans go the same way, but for the network.

mod environment;
mod invocations;
pub(crate) mod model;
mod receiver;
mod store;
pub(crate) mod tree;

pub(crate) use environment::{ENDPOINT, SERVICE_NAME, of_program};
pub(crate) use invocations::span as span_of_invocation;
pub(crate) use receiver::receive;
pub(crate) use store::{Forgotten, Held, Store, StoredTrace};
