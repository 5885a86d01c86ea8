//! What an app gave up and nobody has decided about, without what it says: for whoever watches over all apps and has no business
//! in their letters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::moment;

/// The open letters of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenLetters {
    /// When they were looked at.
    #[serde(with = "moment")]
    pub at: Timestamp,
    /// How many there are, counted up to 10,000.
    pub open: usize,
    /// Whether there may be more.
    pub or_more: bool,
    /// At most 200, the latest first.
    pub latest: Vec<OpenLetter>,
}

/// An open letter, as far as everybody may know it who operates anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenLetter {
    /// As [`Letter::id`](super::Letter::id).
    pub id: String,
    /// As [`Letter::reason`](super::Letter::reason).
    pub reason: String,
    /// As [`Letter::function`](super::Letter::function).
    pub function: String,
    /// As [`Letter::queue`](super::Letter::queue).
    pub queue: Option<String>,
    /// Of an event of a hub: the partition it came through.
    pub partition: Option<u32>,
    /// And its sequence number there.
    pub sequence: Option<i64>,
    /// As [`Letter::attempts`](super::Letter::attempts).
    pub attempts: u32,
    /// As [`Letter::first_at`](super::Letter::first_at).
    #[serde(with = "moment")]
    pub first_at: Timestamp,
    /// As [`Letter::last_at`](super::Letter::last_at).
    #[serde(with = "moment")]
    pub last_at: Timestamp,
}

/// What of a letter is read to tell of it: not its message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    id: String,
    reason: String,
    function: String,
    queue: Option<String>,
    attempts: u32,
    first_at: Timestamp,
    last_at: Timestamp,
    last_report: String,
}

impl OpenLetters {
    /// What the blob is called.
    pub const BLOB: &'static str = "open.json";
    /// More than it ever has, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads the blob's content.
    ///
    /// # Errors
    /// It is not what an app writes.
    pub fn read(content: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(content)
    }
}

impl From<Told> for OpenLetter {
    fn from(told: Told) -> Self {
        let Told { id, reason, function, queue, attempts, first_at, last_at, last_report } = told;
        let (partition, sequence) = place(&function, &last_report).unzip();
        Self { id, reason, function, queue, partition, sequence, attempts, first_at, last_at }
    }
}

/// Where an event lies, by the name of its report: function, partition and sequence number ([`consume`](crate::consume)).
fn place(function: &str, report: &str) -> Option<(u32, i64)> {
    let place = report.strip_prefix(function)?.strip_prefix('/')?;
    let (partition, sequence) = place.split_once('/')?;
    Some((partition.parse().ok()?, sequence.parse().ok()?))
}

impl Told {
    /// Its members, as Cosmos DB is asked for them.
    pub(super) const MEMBERS: &'static str =
        "c.id, c.reason, c.function, c.queue, c.attempts, c.firstAt, c.lastAt, c.lastReport";
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    fn letter(function: &str, last_report: &str) -> OpenLetter {
        let told = json!({ "id": "1", "reason": "given-up", "function": function, "queue": null, "attempts": 2,
            "firstAt": "2026-11-30T08:00:00.000Z", "lastAt": "2026-11-30T09:00:00.000Z", "lastReport": last_report });
        serde_json::from_value::<Told>(told).unwrap().into()
    }

    #[test]
    fn an_event_of_a_hub_is_found_by_partition_and_sequence_and_a_message_of_a_queue_has_neither() {
        let place = |letter: OpenLetter| (letter.partition, letter.sequence);
        assert_eq!(place(letter("accounts", "accounts/3/4711")), (Some(3), Some(4711)));
        assert_eq!(place(letter("accounts", "01980c6e-1111")), (None, None));
        assert_eq!(place(letter("accounts", "accounts/3/")), (None, None));
        assert_eq!(place(letter("sale", "sales/3/1")), (None, None));
    }

    #[test]
    fn what_is_told_is_read_again_and_has_nothing_of_the_message() {
        let at = "2026-11-30T10:00:00Z".parse().unwrap();
        let latest = vec![letter("accounts", "accounts/0/1")];
        let list = OpenLetters { at, open: 1, or_more: false, latest };
        let text = serde_json::to_vec(&list).unwrap();
        assert_eq!(OpenLetters::read(&text).unwrap(), list);
        let told: Value = serde_json::from_slice(&text).unwrap();
        let mut members: Vec<&str> =
            told["latest"][0].as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        let expected = [
            "attempts",
            "firstAt",
            "function",
            "id",
            "lastAt",
            "partition",
            "queue",
            "reason",
            "sequence",
        ];
        assert_eq!(members, expected);
    }
}
