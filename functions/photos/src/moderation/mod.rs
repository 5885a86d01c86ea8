//! What moderators do, behind both the JSON functions (`moderation/v1/…`) and the console.

mod carrying_out;
mod deciding;
mod decision_input;
mod housekeeping;
mod leasing;
mod role;
mod statistics;

pub(crate) use deciding::{decide, undo};
pub(crate) use decision_input::DecisionInput;
pub(crate) use housekeeping::tidy;
pub(crate) use leasing::{release, take};
pub(crate) use role::ROLE;
pub(crate) use statistics::statistics;
