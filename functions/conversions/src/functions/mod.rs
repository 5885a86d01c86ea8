//! A folder for each function; those of health, contract, dead letters and poison queues hold a function.json only.

pub(crate) mod accounts;
pub(crate) mod contacts;
pub(crate) mod leads;
pub(crate) mod look_after;
pub(crate) mod publish_files;
pub(crate) mod publish_leads;
pub(crate) mod publish_sales;
pub(crate) mod replayed;
pub(crate) mod sales_file;
pub(crate) mod sales_file_uploaded;
pub(crate) mod take_file;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions = messages::dead_letter_functions!();
