//! The functions: each folder has its `function.json` and the code beside it. Folders without code are those of every
//! app, named below.

pub(crate) mod announce_erasures;
pub(crate) mod photo_decided;
pub(crate) mod picture;
pub(crate) mod profile;
pub(crate) mod profiles;
pub(crate) mod publish_accounts;
pub(crate) mod publish_products;
pub(crate) mod raise_revision;
pub(crate) mod reconcile;
pub(crate) mod register;
pub(crate) mod service;
pub(crate) mod services;
pub(crate) mod subscription;
pub(crate) mod subscriptions;

use messages::{DeadLetterFunctions, dead_letter_functions};
use public_api::{ContractFunctions, contract_functions};

pub(crate) const DEAD_LETTERS: DeadLetterFunctions = dead_letter_functions!();
pub(crate) const CONTRACT: ContractFunctions = contract_functions!["unmatched_operations"];
