//! The app as its users see it: through the local host, with the real binary, its neighbour `profiles`, data services and
//! the simulated vendor.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod between;
mod credit_notes;
mod delivered;
mod erasures;
mod fonts;
mod invoices;
mod licence_keys;
mod licences;
mod listing;
mod mails;
mod marked;
mod numbers;
mod on_account;
mod ownership;
mod post;
mod provisioning;
mod refusals;
mod reports;
mod restart_table;
mod restarts;
mod sun;
mod support;
mod traced;
mod vendor_events;
mod vendor_failures;
mod whole;
mod years;

app_tests::contract!(fed: crate::marked::feed);
