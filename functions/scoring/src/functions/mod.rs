//! A folder for each function; those of health and contract hold a function.json only.

pub(crate) mod compute;
pub(crate) mod poison_queues;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
