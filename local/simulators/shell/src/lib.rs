//! What every simulator of a system of somebody else shares, so that a new one is its API and its faults and no more:
//! settings, a loopback port, health, faults by setting, JSON and page, a log of requests for tests, the clock that the
//! local platform travels by, and an end on Ctrl-C.
//!
//! A simulator is a folder `local/simulators/<name>` with a `simulator.json`, a crate and a binary of that name:
//!
//! ```
//! use simulator_shell::{
//!     Fieldset, Faults, Field, HangUp, Reply, Request, Settings, Simulator, StartError, StatusCode, reply,
//! };
//!
//! simulator_shell::faults! {
//!     /// What goes wrong at the lottery, beside slowness, outages and throttling.
//!     pub struct LotteryFaults {
//!         /// Every ticket loses.
//!         pub rigged: bool,
//!     }
//! }
//!
//! impl Faults for LotteryFaults {
//!     fn fieldsets() -> Vec<Fieldset> {
//!         vec![Fieldset::new("The draw", vec![Field::checkbox("rigged", "Every ticket loses")])]
//!     }
//! }
//!
//! struct Lottery;
//!
//! impl Simulator for Lottery {
//!     type Faults = LotteryFaults;
//!     const NAME: &'static str = "lottery";
//!     const TITLE: &'static str = "Lottery";
//!     const ABOUT: &'static str = "Draws numbers for tests; nobody wins money here.";
//!
//!     async fn api(&self, request: Request, faults: LotteryFaults) -> Result<Reply, HangUp> {
//!         Ok(match request.path() {
//!             "/draw" if faults.rigged => reply::json(StatusCode::OK, &"you lose"),
//!             "/draw" => reply::json(StatusCode::OK, &"you win"),
//!             _ => reply::problem(StatusCode::NOT_FOUND, "there is /draw"),
//!         })
//!     }
//! }
//!
//! /// `PORT`, `LOTTERY_FAULTS`, `LOTTERY_SEED` and `CLOCK_OFFSET_FILE` are read here.
//! async fn start(settings: Settings) -> Result<simulator_shell::Running<Lottery>, StartError> {
//!     simulator_shell::start(Lottery, settings.options("LOTTERY", 7090)?).await
//! }
//!
//! // fn main() -> std::process::ExitCode { simulator_shell::run(start, |running| running.stop()) }
//! # fn main() {
//! #     let running = tokio::runtime::Runtime::new().unwrap().block_on(start(Settings::of([("PORT", "0")])));
//! #     assert!(running.unwrap().url().starts_with("http://127.0.0.1:"));
//! # }
//! ```
//!
//! Every simulator then has, beside its API:
//!
//! | address | what |
//! | --- | --- |
//! | `GET /` | a page for people: faults and what the simulator adds |
//! | `GET /health` | 200 while it serves, whatever the faults |
//! | `GET`, `PUT /faults` | the faults as JSON; what a PUT leaves out is off |
//! | `GET /log?after=N` | `{"requests", "entries"}`: the last requests to the API, the oldest first; `DELETE` forgets them |
//!
//! Requests to the API are logged and struck by faults; these, and a simulator's own [`Simulator::control`], are not.

mod access;
mod error;
mod faults;
mod log;
mod options;
mod page;
pub mod reply;
mod request;
mod routes;
mod run;
mod running;
mod serve;
mod settings;
mod simulator;
pub mod telemetry;

pub use error::StartError;
pub use faults::{
    Down, Faults, FaultsError, Field, Fieldset, Network, NetworkFaults, Switches, Throttle, form,
    line,
};
pub use http::{HeaderMap, Method, StatusCode};
pub use log::{Log, LogEntry};
pub use options::Options;
pub use page::{FormView, Section};
pub use reply::{Body, HangUp, Refusal, Reply};
pub use request::Request;
pub use run::{Announced, run};
pub use running::{Running, start};
#[doc(hidden)]
pub use serde;
pub use settings::{CommonSettings, Settings};
pub use simulator::Simulator;
pub use values::Clock;
