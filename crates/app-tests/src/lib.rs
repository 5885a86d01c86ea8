//! An app under test: the local platform around it, a client whose answers are held against the app's contract, the
//! data behind it, and [`contract!`], the tests that every app has.
//!
//! ```ignore
//! //! functions/sample/tests/app/main.rs
//! use app_tests::{Platform, this_app};
//! use serde_json::json;
//!
//! app_tests::contract!();
//!
//! #[tokio::test]
//! async fn a_thing_is_made_and_found_again() {
//!     let app = Platform::start(this_app!()).await;
//!     let made = app.post("/sample/v1/things", &json!({ "name": "spoon" })).await.expect(201);
//!     let place = made.header("location").unwrap();
//!     assert_eq!(app.get(place).await.expect(200).json()["name"], "spoon");
//! }
//! ```
//!
//! An app that needs more says so: `Setup::of(this_app!()).neighbour("profiles").setting("MAX", "7").start().await`.
//! What only this app knows, its own verbs, goes into the app's `tests/app/support`.
//!
//! [`mod@proof`] is the platform as processes of their own, killed at random; [`feeding`] says to an app what may not come out
//! in its telemetry.
//!
//! Everything here fails loudly: it is for tests only.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may fail loudly")]

// Selected for their features only: the workspace's Cargo.toml says why.
use {digest as _, typenum as _, unicode_bidi as _};

mod app;
mod blobs;
mod client;
pub mod contract;
mod documents;
mod faults;
pub mod feeding;
mod hubs;
mod marked;
mod platform;
mod poison;
pub mod proof;
mod queues;
mod seed;
mod setup;
mod telemetry;
mod text_forms;
mod triggers;
mod waiting;

pub use app::App;
pub use client::Request;
pub use contract_check::{Answer, Contract, Description};
pub use documents::Documents;
pub use hubs::Hub;
pub use local_data::{Fault, Faults, Gate, Requests, Rule, Service, StaleReads, When};
pub use local_host::Host;
pub use marked::{Kind, Marks};
pub use platform::Platform;
pub use queues::Queue;
pub use reqwest::Method;
pub use seed::seed;
pub use setup::Setup;
pub use telemetry::{BegunTrace, Everything, Span, Trace};
pub use waiting::{DEADLINE, eventually};
