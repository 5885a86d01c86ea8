//! The house rules that a test can check. Each rule looks at files and says what it found; `tests/house_rules.rs`
//! holds the project against all of them, and beside each rule is a test in which somebody breaks it.

pub mod packages;
pub mod project;
pub mod rules;
mod rust;

pub use project::{File, Project};
