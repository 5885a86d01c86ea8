//! The app as its users see it: through the local host, over HTTP, with the real binaries, Blob and Queue Storage,
//! Event Grid and the Content Safety simulator. Every answer is checked against `openapi.yaml`.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

app_tests::contract!(pages: ["console", "console_asset", "console_case", "dead_letter_page", "dead_letters_page"], fed: crate::marked::feed);

mod appeal;
mod console;
mod content;
mod dead_letters;
mod decoding;
mod deletion;
mod erasure;
mod events;
mod forms;
mod known_images;
mod lists;
mod lost_answers;
mod marked;
mod moderation;
mod operations;
mod outages;
mod ownership;
mod poison;
mod races;
mod refusals;
mod support;
mod sweeping;
mod tickets;
mod traced;
mod uploads;
