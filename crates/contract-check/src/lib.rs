//! Holds an app against its contract, in the app's tests: every answer ([`Contract::check`]), every route and kind of
//! problem that the app says of itself ([`Contract::differences`]), and every example ([`Contract::wrong_examples`]).
//!
//! ```
//! use contract_check::Contract;
//!
//! let contract = Contract::of("
//! paths: { /cakes/v1/cakes: { get: { responses: { '200': { description: All. } } } } }
//! x-problems: {}
//! ");
//! assert_eq!(contract.routes().into_iter().collect::<Vec<_>>(), ["GET /cakes/v1/cakes"]);
//! ```

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may fail loudly")]

mod answer;
mod comparison;
mod contract;
pub mod description;
mod examples;

pub use answer::Answer;
pub use contract::Contract;
pub use description::Description;
