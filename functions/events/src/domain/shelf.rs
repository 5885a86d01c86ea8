//! Where an event lies in the lake: by its type, the hour in which it happened, and the partition that it came through.
//!
//! A repeat of an event has the same type and time, and the same key, so it comes through the same partition: it lies on the
//! same shelf. So whether an event is there already is a question about one shelf.

use super::Hour;
use std::{fmt, str::FromStr};

/// Between the parts of a shelf's name. No part has it.
const BETWEEN: char = '|';
/// Longest name of a hub (Event Hubs quotas).
const MAX_HUB_CHARS: usize = 256;
/// Longest name of a type that becomes a folder.
const MAX_TYPE_CHARS: usize = 200;

/// A partition of an event hub.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Source {
    pub(crate) hub: String,
    pub(crate) partition: u32,
}

/// The place of all events of a type that happened in one hour and came through one partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Shelf {
    pub(crate) hour: Hour,
    pub(crate) source: Source,
    pub(crate) r#type: String,
}

impl Source {
    /// Nothing if it cannot be a partition of an event hub.
    pub(crate) fn new(hub: &str, partition: &str) -> Option<Self> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let is_hub = !hub.is_empty() && hub.len() <= MAX_HUB_CHARS && hub.bytes().all(is_plain);
        let partition = partition.parse().ok()?;
        is_hub.then(|| Self { hub: hub.to_owned(), partition })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.hub, self.partition)
    }
}

impl FromStr for Source {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (hub, partition) = text.rsplit_once('-').ok_or(())?;
        Self::new(hub, partition).ok_or(())
    }
}

impl Shelf {
    /// Whether a type can be a folder: letters, digits, dots, hyphens and low lines.
    pub(crate) fn can_hold(r#type: &str) -> bool {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        !r#type.is_empty()
            && r#type.len() <= MAX_TYPE_CHARS
            && r#type.bytes().all(is_plain)
            && !r#type.split('.').any(str::is_empty)
    }

    /// The file with the events of one capture file, which begins with this sequence number: made again it has the same name.
    pub(crate) fn file(&self, first: i64) -> String {
        let Self { hour, source, r#type } = self;
        format!("events/{type}/date={}/hour={}/{source}-{first}.avro", hour.day(), hour.of_day())
    }
}

/// Its name: what documents call it.
impl fmt::Display for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BETWEEN}{}{BETWEEN}{}", self.r#type, self.hour, self.source)
    }
}

impl FromStr for Shelf {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(BETWEEN);
        let (Some(r#type), Some(hour), Some(source), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        Ok(Self {
            r#type: r#type.to_owned(),
            hour: hour.parse().map_err(drop)?,
            source: source.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> Shelf {
        Shelf {
            hour: "2026-11-30T08".parse().unwrap(),
            source: Source { hub: "sales-file".to_owned(), partition: 3 },
            r#type: "com.iommi.sales.ordered.v1".to_owned(),
        }
    }

    #[test]
    fn a_file_lies_by_type_day_and_hour_and_is_named_by_where_it_came_from() {
        assert_eq!(
            shelf().file(4711),
            "events/com.iommi.sales.ordered.v1/date=2026-11-30/hour=08/sales-file-3-4711.avro"
        );
    }

    #[test]
    fn a_shelf_is_found_again_by_its_name() {
        assert_eq!(shelf().to_string().parse(), Ok(shelf()));
        assert_eq!("a|2026-11-30T08".parse::<Shelf>(), Err(()));
    }

    #[test]
    fn a_type_that_would_lead_elsewhere_has_no_shelf() {
        for name in ["", "../x", "a/b", "a..b", "a|b", "a b", &"a".repeat(201)] {
            assert!(!Shelf::can_hold(name), "{name}");
        }
        assert!(Shelf::can_hold("com.iommi.profiles.account-activated.v1"));
    }
}
