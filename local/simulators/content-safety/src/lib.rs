//! A stand-in for Azure AI Content Safety: `POST /contentsafety/image:analyze` as published, for laptops and tests.
//!
//! It judges by a measure of colour that anybody can recompute ([`Measure`]), says nothing about people, and must
//! never decide about one. It can be told to be slow, wrong, throttled or down ([`Faults`]).

mod api;
mod content_safety;
mod faults;
mod judged;
mod measure;
mod options;
mod page;
mod picture;
mod severities;
mod simulator;

pub use faults::{Faults, Wrong};
pub use judged::Judged;
pub use measure::Measure;
pub use options::Options;
pub use severities::Severities;
pub use simulator::{Seen, Simulator, start};
pub use simulator_shell::{Down, FaultsError, StartError, Throttle};
