//! Sending events once more: what was asked for, and how far it is.

use super::{Hour, Source};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::moment;

/// Events that could not be sent and are named; of more only the number is known.
const MAX_NAMED: usize = 100;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) types: Vec<String>,
    /// From this time on.
    pub(crate) from: Timestamp,
    /// Before this time.
    pub(crate) to: Timestamp,
    /// The app that gets them.
    pub(crate) consumer: String,
}

/// How a replay stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ReplayState {
    /// Events are being sent, or will be.
    Running,
    /// All were sent.
    Done,
    /// It cannot go on; `why` says what to do.
    Stopped,
}

/// The last event that was sent. Hours come in their order, in an hour its partitions, in a partition its sequence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) hour: String,
    pub(crate) hub: String,
    pub(crate) partition: u32,
    pub(crate) sequence: i64,
}

/// An event that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeftOut {
    /// Its id.
    pub(crate) id: String,
    /// Its source.
    pub(crate) source: String,
    pub(crate) why: String,
}

/// A replay and how far it is. It is also what clients see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Replay {
    pub(crate) id: String,
    pub(crate) types: Vec<String>,
    #[serde(with = "moment")]
    pub(crate) from: Timestamp,
    #[serde(with = "moment")]
    pub(crate) to: Timestamp,
    pub(crate) consumer: String,
    pub(crate) state: ReplayState,
    /// How many were sent; after an interruption some of them twice.
    pub(crate) sent: u64,
    /// How many could not be sent.
    pub(crate) left_out: u64,
    pub(crate) left_out_events: Vec<LeftOut>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) why: Option<String>,
    pub(crate) requested_by: String,
    #[serde(with = "moment")]
    pub(crate) requested_at: Timestamp,
    #[serde(with = "moment")]
    pub(crate) touched_at: Timestamp,
}

impl Cursor {
    pub(crate) fn at(hour: Hour, source: &Source, sequence: i64) -> Self {
        let Source { hub, partition } = source;
        Self { hour: hour.to_string(), hub: hub.clone(), partition: *partition, sequence }
    }
}

impl Replay {
    /// A new one.
    pub(crate) fn begun(id: String, wish: Wish, by: String, now: Timestamp) -> Self {
        let Wish { types, from, to, consumer } = wish;
        Self {
            id,
            types,
            from,
            to,
            consumer,
            state: ReplayState::Running,
            sent: 0,
            left_out: 0,
            left_out_events: Vec::new(),
            cursor: None,
            why: None,
            requested_by: by,
            requested_at: now,
            touched_at: now,
        }
    }

    /// The hour with which it goes on.
    pub(crate) fn goes_on_in(&self) -> Hour {
        let of_cursor = self.cursor.as_ref().and_then(|cursor| cursor.hour.parse().ok());
        of_cursor.unwrap_or_else(|| Hour::of_or_first(self.from))
    }

    /// Whether an event is still to be sent.
    pub(crate) fn wants(&self, at: &Cursor, time: Timestamp) -> bool {
        (self.from..self.to).contains(&time) && self.cursor.as_ref().is_none_or(|sent| at > sent)
    }

    /// After some more were sent or left out, up to `cursor`.
    #[must_use]
    pub(crate) fn advanced(
        &self,
        cursor: Cursor,
        sent: u64,
        left_out: Vec<LeftOut>,
        now: Timestamp,
    ) -> Self {
        let mut next = self.clone();
        next.cursor = Some(cursor);
        next.sent += sent;
        next.left_out += left_out.len() as u64;
        let room = MAX_NAMED.saturating_sub(next.left_out_events.len());
        next.left_out_events.extend(left_out.into_iter().take(room));
        next.touched_at = now;
        next
    }

    /// After all were sent, or when it cannot go on.
    #[must_use]
    pub(crate) fn ended(&self, why: Option<String>, now: Timestamp) -> Self {
        let state = if why.is_some() { ReplayState::Stopped } else { ReplayState::Done };
        Self { state, why, touched_at: now, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn replay() -> Replay {
        let wish = Wish {
            types: vec!["t".to_owned()],
            from: time("2026-11-30T08:00:00Z"),
            to: time("2026-11-30T09:00:00Z"),
            consumer: "contacts".to_owned(),
        };
        Replay::begun("r".to_owned(), wish, "olga".to_owned(), time("2026-12-01T00:00:00Z"))
    }

    fn cursor(hour: &str, partition: u32, sequence: i64) -> Cursor {
        let source = Source { hub: "account".to_owned(), partition };
        Cursor::at(hour.parse().unwrap(), &source, sequence)
    }

    #[test]
    fn it_wants_what_lies_in_the_range_and_behind_what_was_sent() {
        let within = time("2026-11-30T08:30:00Z");
        assert!(replay().wants(&cursor("2026-11-30T08", 0, 1), within));
        assert!(!replay().wants(&cursor("2026-11-30T08", 0, 1), replay().to));
        assert!(replay().wants(&cursor("2026-11-30T08", 0, 1), replay().from));
        let on = replay().advanced(cursor("2026-11-30T08", 1, 7), 5, Vec::new(), within);
        for (at, wanted) in [
            (cursor("2026-11-30T08", 1, 7), false),
            (cursor("2026-11-30T08", 0, 9), false),
            (cursor("2026-11-30T08", 1, 8), true),
            (cursor("2026-11-30T08", 10, 1), true),
            (cursor("2026-11-30T09", 0, 1), true),
        ] {
            assert_eq!(on.wants(&at, within), wanted, "{at:?}");
        }
        assert_eq!(on.goes_on_in().to_string(), "2026-11-30T08");
    }

    #[test]
    fn what_cannot_be_sent_is_counted_and_the_first_hundred_are_named() {
        let out = |id: u32| LeftOut {
            id: id.to_string(),
            source: "/s".to_owned(),
            why: "large".to_owned(),
        };
        let now = time("2026-12-01T00:00:00Z");
        let on =
            replay().advanced(cursor("2026-11-30T08", 0, 1), 0, (0..150).map(out).collect(), now);
        assert_eq!((on.left_out, on.left_out_events.len()), (150, 100));
        assert_eq!(on.ended(None, now).state, ReplayState::Done);
        assert_eq!(on.ended(Some("no".to_owned()), now).state, ReplayState::Stopped);
    }
}
