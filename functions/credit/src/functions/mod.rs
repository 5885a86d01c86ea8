//! A folder for each function; those of health, contract and dead letters hold a function.json only.

pub(crate) mod assessment;
pub(crate) mod assessments;
pub(crate) mod consent;
pub(crate) mod consent_callback;
pub(crate) mod consents;
pub(crate) mod deliver;
pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod endpoint;
pub(crate) mod endpoints;
pub(crate) mod erasures;
pub(crate) mod explanation;
pub(crate) mod fetch_activity;
pub(crate) mod keep_result;
pub(crate) mod partner;
pub(crate) mod review;
pub(crate) mod review_case;
pub(crate) mod reviews;
pub(crate) mod rotation;
pub(crate) mod statistics;
pub(crate) mod sweep;
pub(crate) mod trial;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions = messages::dead_letter_functions!();
