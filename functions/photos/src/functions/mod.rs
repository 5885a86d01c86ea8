//! The functions, a folder each: `function.json` and the code for it.

pub(crate) mod appeal;
pub(crate) mod case;
pub(crate) mod case_picture;
pub(crate) mod cases;
pub(crate) mod check;
pub(crate) mod console;
pub(crate) mod console_asset;
pub(crate) mod console_case;
pub(crate) mod decision;
pub(crate) mod erase;
pub(crate) mod lease;
pub(crate) mod photo;
pub(crate) mod photo_content;
pub(crate) mod photos;
pub(crate) mod statistics;
pub(crate) mod sweep;
pub(crate) mod uploaded;

use messages::{DeadLetterFunctions, dead_letter_functions};
use public_api::{ContractFunctions, contract_functions};

pub(crate) const CONTRACT: ContractFunctions =
    contract_functions!["unmatched_of_profile", "unmatched_moderation", "unmatched_operations"];
pub(crate) const DEAD_LETTERS: DeadLetterFunctions = dead_letter_functions!();
