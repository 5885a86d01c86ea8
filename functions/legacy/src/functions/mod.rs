//! A folder for each function: its `function.json`, and the code that is its own.

pub(crate) mod apply_acknowledgement;
pub(crate) mod forward_changes;
pub(crate) mod profile_status;
pub(crate) mod reconcile;
pub(crate) mod resend;
pub(crate) mod resend_progress;
pub(crate) mod resend_step;
pub(crate) mod status;

use messages::DeadLetterFunctions;
use public_api::ContractFunctions;

pub(crate) const CONTRACT: ContractFunctions = public_api::contract_functions![];
pub(crate) const DEAD_LETTERS: DeadLetterFunctions = messages::dead_letter_functions!();
