//! A folder for each function; those of health, contract and dead letters hold a function.json only.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod authorisation;
pub(crate) mod card;
pub(crate) mod card_activation;
pub(crate) mod card_freeze;
pub(crate) mod card_replacement;
pub(crate) mod cards;
pub(crate) mod changes;
pub(crate) mod close_statements;
pub(crate) mod contact;
pub(crate) mod contact_case;
pub(crate) mod customer;
pub(crate) mod customers;
pub(crate) mod erase_customer;
pub(crate) mod expire_holds;
pub(crate) mod invoice;
pub(crate) mod invoices;
pub(crate) mod ledger_trial_balance;
pub(crate) mod limit;
pub(crate) mod migrate;
pub(crate) mod migration;
pub(crate) mod migrations;
pub(crate) mod network_event;
pub(crate) mod order_card;
pub(crate) mod overview;
pub(crate) mod payments;
pub(crate) mod settle_cards;
pub(crate) mod settle_erasures;
pub(crate) mod support_case;
pub(crate) mod support_cases;
pub(crate) mod sweep;
pub(crate) mod transaction;
pub(crate) mod transactions;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions = messages::dead_letter_functions!();
