//! How much each score simulates.

use custom_handler::{Setting, Settings, SettingsError};
use std::num::NonZeroU32;

const SCORING_PATHS: Setting = Setting::new(
    "SCORING_PATHS",
    "how many years each score simulates, which is how long it takes: 1000 for a laptop; production's figure stands in \
     docs/credit-capacity.md",
    "1000",
);
/// Reads `SCORING_PATHS`.
pub(crate) fn paths(settings: &Settings) -> Result<NonZeroU32, SettingsError> {
    settings.value(&SCORING_PATHS)
}
