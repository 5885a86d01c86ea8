//! Why an activity is none.

use serde_path_to_error::Segment;
use thiserror::Error;

/// The names of the form.
const FIELDS: [&str; 14] = [
    "version",
    "from",
    "to",
    "accounts",
    "currency",
    "kind",
    "balance",
    "balanceOn",
    "openedOn",
    "transactions",
    "account",
    "on",
    "amount",
    "pending",
];

/// Why bytes are no activity. It says places and rules and never a value: an activity is about a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ActivityError {
    /// More bytes than an activity may have.
    #[error(
        "the activity has {0} bytes, more than the 8 MiB it may have: ask the bank for fewer days"
    )]
    TooLarge(usize),
    /// Not the form of an activity: where, and what should stand there.
    #[error("the activity is not in its form at {0}: {1}")]
    Form(String, &'static str),
    /// A value that cannot be: where, and what would be right.
    #[error("the activity's {0} cannot be: {1}")]
    Value(String, &'static str),
}

impl ActivityError {
    /// The place only, as far as its names are ours: serde's message may quote what stands there, and so may its path.
    pub(super) fn form(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let rule = if error.inner().is_data() {
            "a field is missing, unknown or of another type"
        } else {
            "it must be JSON"
        };
        let mut place = String::new();
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => place.push_str(&format!("[{index}]")),
                Segment::Map { key } if FIELDS.contains(&key.as_str()) => {
                    place.push_str(if place.is_empty() { "" } else { "." });
                    place.push_str(key);
                }
                _ => break,
            }
        }
        Self::Form(if place.is_empty() { ".".to_owned() } else { place }, rule)
    }
}
