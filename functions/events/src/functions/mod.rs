//! A folder for each function; those of health, contract, dead letters and poison queues hold a function.json only.
pub(crate) mod captured;
pub(crate) mod catalogue_page;
pub(crate) mod consumers;
pub(crate) mod consumers_page;
pub(crate) mod curate;
pub(crate) mod erase;
pub(crate) mod erasure;
pub(crate) mod erasures;
pub(crate) mod event_type;
pub(crate) mod given_up;
pub(crate) mod given_up_page;
pub(crate) mod lake_events;
pub(crate) mod lake_files;
pub(crate) mod replay;
pub(crate) mod replay_step;
pub(crate) mod replays;
pub(crate) mod replays_page;
pub(crate) mod sweep;
pub(crate) mod types;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions = messages::dead_letter_functions!();
