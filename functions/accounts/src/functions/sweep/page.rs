//! What all rounds of the sweep are made of.

use std::num::NonZeroU32;

/// Documents that are read at a time; after each page the place is kept.
pub(super) const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// What a page came to.
pub(super) struct Seen {
    pub(super) count: usize,
    pub(super) last: Option<String>,
    /// How many did not fit.
    pub(super) found: u64,
}
