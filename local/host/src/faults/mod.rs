//! Simulated faults: what the page, the command line, `/admin/faults` and tests switch on, told in one language.

mod remote;
mod spec;
mod switches;

pub use remote::{RemoteFaults, RemoteFaultsError};
pub use spec::{FaultSpec, FaultSpecError};
pub use switches::{ActiveFault, FaultSwitches};
