//! How large a run is.

use std::fmt::Debug;
use std::str::FromStr;

/// What this variable of the environment says; `usual` if it is not set.
#[must_use]
pub fn size<T: FromStr<Err: Debug>>(variable: &str, usual: T) -> T {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap())
}
