//! A folder for each function; those of health, contract, dead letters and poison queues hold a function.json only.

pub(crate) mod accounts;
pub(crate) mod changes;
pub(crate) mod contact;
pub(crate) mod kafka_accounts;
pub(crate) mod look_after;
pub(crate) mod quote;
pub(crate) mod replayed;
pub(crate) mod sales;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions = messages::dead_letter_functions!();
