//! A stand-in for Azure AI Content Safety: `POST /contentsafety/image:analyze` as published, for laptops and tests.
//!
//! It judges by a measure of colour that anybody can recompute ([`Measure`]), says nothing about people, and must
//! never decide about one. It can be told to be slow, wrong, throttled or down ([`Faults`]).

mod api;
mod error;
mod faults;
mod measure;
mod options;
mod page;
mod picture;
mod record;
mod reply;
mod routes;
mod serve;
mod severities;
mod simulator;

pub use error::StartError;
pub use faults::{Down, Faults, FaultsError, Throttle, Wrong};
pub use measure::Measure;
pub use options::Options;
pub use record::{Judged, Seen};
pub use severities::Severities;
pub use simulator::{Simulator, start};
