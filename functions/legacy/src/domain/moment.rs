//! Times as they are kept: RFC 3339 in UTC with exactly three decimals, so that the order of the texts is the order
//! of the times and Cosmos DB can compare them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer};

/// The time as kept.
pub(crate) fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}

pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.3}"))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Timestamp, D::Error> {
    Timestamp::deserialize(deserializer)
}

/// The same for a time that may be missing.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    pub(crate) fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
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
