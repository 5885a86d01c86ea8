use std::num::NonZeroU32;

/// What is read at a time.
pub(super) const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
