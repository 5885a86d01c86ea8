//! How large a run is.

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
            seed: number("IOMMI_SEED").unwrap_or_else(rand::random),
            profiles: number("IOMMI_PROOF_PROFILES").unwrap_or(PROFILES),
            writes: number("IOMMI_PROOF_WRITES").unwrap_or(WRITES),
            kills: number("IOMMI_PROOF_KILLS").unwrap_or(KILLS),
        }
    }
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> Option<T> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
