//! How large a run is.

use app_tests::proof::size;

/// A run of about a minute.
const PEOPLE: usize = 24;
const KILLS: u32 = 8;

pub(crate) struct Sizes {
    pub(crate) seed: u64,
    pub(crate) people: usize,
    /// The least number of processes that are killed.
    pub(crate) kills: u32,
}

impl Sizes {
    pub(crate) fn from_environment() -> Self {
        Self {
            seed: app_tests::seed(),
            people: size("IOMMI_PROOF_PEOPLE", PEOPLE),
            kills: size("IOMMI_PROOF_KILLS", KILLS),
        }
    }
}
