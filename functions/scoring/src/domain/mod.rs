//! What an activity says about a person's money: measures of the past, a simulated year, and the bins that they fall into.
//! Whole numbers only, so that every machine and build comes to the same bytes.

mod flows;
#[cfg(test)]
mod golden_tests;
mod history;
mod measures;
#[cfg(test)]
mod measures_tests;
mod months;
mod score;
mod simulation;

pub(crate) use history::{History, Unscoreable};
pub(crate) use score::{Scored, Seed};
pub(crate) use simulation::{PATHS_IN_A_BLOCK, Simulation};
