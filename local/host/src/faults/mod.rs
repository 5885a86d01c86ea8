//! Simulated faults: what the page, the command line, `/admin/faults` and tests switch on, told in one language.

mod spec;
mod switches;

pub use spec::{FaultSpec, FaultSpecError};
pub use switches::{ActiveFault, FaultSwitches};
