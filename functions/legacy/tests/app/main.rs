//! The app as its users see it: through the local host, with the real binaries of `profiles` and `legacy`, the data
//! services' protocols and the mainframe simulator. Every answer is checked against `openapi.yaml`, every message against
//! its schema.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod answers;
mod dead_letters;
mod erased_people;
mod forwarding;
mod lost_answers;
mod marked;
mod one_unanswered;
mod outages;
mod pace;
mod page;
mod poison;
mod resending;
mod restores;
mod support;
mod traced;

app_tests::contract!(fed: crate::marked::feed);
