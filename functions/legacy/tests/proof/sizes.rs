//! How large a run is.

use app_tests::proof::size;

/// A run of about half a minute.
const PROFILES: usize = 80;
const WRITES: u64 = 600;
const KILLS: u32 = 24;

pub(crate) struct Sizes {
    pub(crate) seed: u64,
    /// Customers at a time; whoever is erased registers again.
    pub(crate) profiles: usize,
    /// The least number of writes; it goes on while there are kills to come.
    pub(crate) writes: u64,
    /// The least number of processes that are killed.
    pub(crate) kills: u32,
}

impl Sizes {
    pub(crate) fn from_environment() -> Self {
        Self {
            seed: app_tests::seed(),
            profiles: size("IOMMI_PROOF_PROFILES", PROFILES),
            writes: size("IOMMI_PROOF_WRITES", WRITES),
            kills: size("IOMMI_PROOF_KILLS", KILLS),
        }
    }
}
