//! The app as its users see it: through the local host, with the real binary and data services.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod catalogue;
mod erasing;
mod given_up;
mod lag;
mod lake;
mod marked;
mod pages;
mod replaying;
mod support;
mod traced;
mod whole;

app_tests::contract!(fed: crate::marked::feed);
