//! How large a run is.

use app_tests::proof::size;

/// A run of about half a minute.
const MESSAGES: usize = 400;
const KILLS: u32 = 8;
const ACCOUNTS: usize = 6;

pub(crate) struct Sizes {
    pub(crate) seed: u64,
    /// The least number of messages that the network plans.
    pub(crate) messages: usize,
    /// The least number of processes that are killed.
    pub(crate) kills: u32,
    pub(crate) accounts: usize,
}

impl Sizes {
    pub(crate) fn from_environment() -> Self {
        Self {
            seed: app_tests::seed(),
            messages: size("IOMMI_PROOF_MESSAGES", MESSAGES),
            kills: size("IOMMI_PROOF_KILLS", KILLS),
            accounts: size("IOMMI_PROOF_ACCOUNTS", ACCOUNTS),
        }
    }

    /// Purchases that begin in a second, so that there are some until the last kill.
    pub(crate) fn rate(&self) -> f64 {
        /// About how many messages a purchase has, and how long a kill takes with all that follows, in seconds.
        const MESSAGES_EACH: f64 = 2.2;
        const SECONDS_EACH: f64 = 1.2;
        #[allow(clippy::cast_precision_loss, reason = "thousands")]
        let purchases = self.messages as f64 / MESSAGES_EACH;
        purchases / (f64::from(self.kills.max(1)) * SECONDS_EACH)
    }
}
