//! The part of the crate `rustls-platform-verifier` that `reqwest` calls: a server is believed when its certificate leads
//! to a root certificate of this machine.
//!
//! The original reads all roots of the machine, 5 ms and more, whenever a client is built, also one that never speaks TLS;
//! the client of Cosmos DB builds four before its first request. Here they are read at the first handshake, once for all
//! clients. Only when they are read differs: what is believed, and how it is checked, is by the same `rustls-native-certs`
//! and the same verifier of `rustls`. `docs/decisions/0052` has the reasons.

mod roots;
mod verifier;

pub use verifier::Verifier;
