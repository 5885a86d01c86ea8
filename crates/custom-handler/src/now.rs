//! The machine's time: of lines and records, and by which it is told how long something has waited.

use jiff::Timestamp;

pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
