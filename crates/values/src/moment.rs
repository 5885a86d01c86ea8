//! Times as they are kept where they are compared as texts: RFC 3339 in UTC with exactly three decimals, so that the
//! order of the texts is the order of the times, and Cosmos DB can sort and compare them.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Document {
//!     #[serde(with = "values::moment")]
//!     at: jiff::Timestamp,
//!     #[serde(with = "values::moment::optional", default)]
//!     done_at: Option<jiff::Timestamp>,
//! }
//! let at = "2026-03-01T08:00:00Z".parse().unwrap();
//! let json = serde_json::to_string(&Document { at, done_at: None }).unwrap();
//! assert_eq!(json, r#"{"at":"2026-03-01T08:00:00.000Z","done_at":null}"#);
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer};

/// The time as kept, such as `2026-03-01T08:00:00.500Z`.
#[must_use]
pub fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// For `#[serde(with = "values::moment")]`.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.3}"))
}

/// For `#[serde(with = "values::moment")]`; takes any RFC 3339 time.
///
/// # Errors
/// It is no time.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Timestamp::deserialize(deserializer)
}

/// The same for a time that may be missing.
pub mod optional {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    /// For `#[serde(with = "values::moment::optional")]`.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// For `#[serde(with = "values::moment::optional")]`.
    ///
    /// # Errors
    /// It is no time.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        Option::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_sort_as_their_times_do() {
        let at = |text: &str| super::text(text.parse().unwrap());
        let (whole, later) = (at("2026-03-01T08:00:00Z"), at("2026-03-01T08:00:00.5Z"));
        assert_eq!(
            (whole.as_str(), later.as_str()),
            ("2026-03-01T08:00:00.000Z", "2026-03-01T08:00:00.500Z")
        );
        assert!(whole < later);
    }
}
