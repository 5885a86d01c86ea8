//! Holds an app against its `openapi.yaml`, in the app's tests: every answer ([`Contract::check`]), every route and
//! every kind of problem ([`code`]).

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may fail loudly")]

mod answer;
pub mod code;
mod contract;

pub use answer::Answer;
pub use contract::Contract;
