//! How large a run is.

use app_tests::proof::size;

/// A run of about a minute.
const ORDERS: usize = 40;
const KILLS: u32 = 8;

pub(crate) struct Sizes {
    pub(crate) seed: u64,
    pub(crate) orders: usize,
    /// The least number of processes that are killed.
    pub(crate) kills: u32,
}

impl Sizes {
    pub(crate) fn from_environment() -> Self {
        Self {
            seed: app_tests::seed(),
            orders: size("IOMMI_PROOF_ORDERS", ORDERS),
            kills: size("IOMMI_PROOF_KILLS", KILLS),
        }
    }
}
