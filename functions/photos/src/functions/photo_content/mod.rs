//! `v1/photos/{photoId}/content/{variant}`

mod range;
mod serve;
mod upload;

pub(crate) use serve::get;
pub(crate) use upload::{MAX_BODY_BYTES, put};

use custom_handler::{Function, function};

pub(crate) const FUNCTION: Function = function!();
