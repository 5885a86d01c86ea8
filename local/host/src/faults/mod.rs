//! Simulated faults: what the page, the command line, `/admin/faults` and tests switch on, told in one language.

mod switches;

pub use switches::{ActiveFault, FaultSwitches};
