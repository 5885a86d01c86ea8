//! As much of Rust as the rules need: which file uses which.

pub(crate) mod dependencies;
pub(crate) mod paths;
pub(crate) mod tokens;
