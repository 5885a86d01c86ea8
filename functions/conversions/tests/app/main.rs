//! The app as its users see it: through the local host, with the real binary, data services and event hubs.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod files;
mod leads;
mod marked;
mod story;
mod support;
mod traced;

app_tests::contract!(fed: crate::marked::feed);
