//! A folder for each function; those of health, contract and dead letters hold a function.json only.
pub(crate) mod records;
pub(crate) mod work_queue;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions =
    messages::dead_letter_functions!("keep_work_queue_poison");
