//! A folder for each function; those of health, contract, dead letters and poison queues hold a function.json only.

pub(crate) mod all_orders;
pub(crate) mod authorise;
pub(crate) mod capture;
pub(crate) mod changes;
pub(crate) mod credit_notes;
pub(crate) mod document;
pub(crate) mod drive;
pub(crate) mod email_reported;
pub(crate) mod email_step;
pub(crate) mod events_of_vendor;
pub(crate) mod invoice;
pub(crate) mod invoice_content;
pub(crate) mod invoice_step;
pub(crate) mod invoices;
pub(crate) mod licence;
pub(crate) mod licence_key;
pub(crate) mod licences;
pub(crate) mod offers;
pub(crate) mod order;
pub(crate) mod order_page;
pub(crate) mod orders;
pub(crate) mod orders_page;
pub(crate) mod person_erased;
pub(crate) mod provision;
pub(crate) mod restart;
pub(crate) mod restarts;
pub(crate) mod subscribe;
pub(crate) mod sun;
pub(crate) mod verify_vendor;

pub(crate) const CONTRACT: public_api::ContractFunctions = public_api::contract_functions!();
pub(crate) const DEAD_LETTERS: messages::DeadLetterFunctions = messages::dead_letter_functions!();
