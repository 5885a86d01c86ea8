//! The app as its users see it: through the local host, with the real binary, its neighbour `scoring`, data services and the
//! simulated bank.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod assessments;
mod bank_failures;
mod consents;
mod deliveries;
mod endpoints;
mod erasing;
mod hooked;
mod marked;
mod results;
mod rotations;
mod runs;
mod secrecy;
mod statistics;
mod support;
mod told;
mod traced;
mod withdrawing;

app_tests::contract!(fed: crate::marked::feed);
