//! A position in the change feed of one range, as clients hold it between two reads.

use serde::{Deserialize, Serialize};

use crate::cosmos::{persistence::Position, ranges::LAST};

/// The emulator's own token, which counts the writes of this run only, with what is needed to find the place
/// again in a later run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Token {
    kind: String,
    pub(super) lsn: u64,
    epk: String,
    id: String,
    /// The account and the run that gave the token out.
    #[serde(default)]
    pub(super) account: String,
    #[serde(default)]
    pub(super) run: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) range: Option<String>,
    /// Where the document of `lsn` stood in the run that wrote it, when that was an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<Position>,
}

impl Token {
    /// Reads a token of this adapter's or of the emulator's; anything else is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// A token of a reader that has read everything up to a sequence number, that included.
    pub(super) fn after(lsn: u64) -> Self {
        Self {
            kind: "change_feed_cursor_v1".to_owned(),
            lsn,
            epk: LAST.to_owned(),
            id: String::new(),
            account: String::new(),
            run: 0,
            range: None,
            was: None,
        }
    }

    /// Up to which sequence number all was read. The emulator's own tokens may stand among several documents of one.
    pub(super) fn read_up_to(&self) -> u64 {
        if self.epk == LAST { self.lsn } else { self.lsn.saturating_sub(1) }
    }

    /// Where the token stands in the order of all runs.
    pub(super) fn position(&self) -> Position {
        self.was.unwrap_or(Position { run: self.run, lsn: self.lsn })
    }

    /// The token as it travels.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers are JSON")
    }
}

/// The `lsn` that the first document at or after `position` has in this run, given where the documents that were
/// read back stood: the n-th of them has the `lsn` n.
pub(super) fn resume_at(position: Position, restored: &[Position]) -> u64 {
    let seen = restored.partition_point(|before| *before < position);
    u64::try_from(seen).expect("a count fits") + 1
}

/// Where the document with `lsn` stood, if it was read back.
pub(super) fn origin(lsn: u64, restored: &[Position]) -> Option<Position> {
    let index = usize::try_from(lsn.checked_sub(1)?).ok()?;
    restored.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_an_earlier_run_resumes_where_its_document_stands_now() {
        let at = |run, lsn| Position { run, lsn };
        // Two documents of run 1 and one of run 2 were read back; others were deleted or written again.
        let restored = [at(1, 4), at(1, 9), at(2, 3)];
        assert_eq!(resume_at(at(1, 2), &restored), 1);
        assert_eq!(resume_at(at(1, 4), &restored), 1);
        assert_eq!(resume_at(at(1, 5), &restored), 2);
        assert_eq!(resume_at(at(2, 1), &restored), 3);
        assert_eq!(resume_at(at(2, 9), &restored), 4);
        assert_eq!(
            (origin(2, &restored), origin(4, &restored), origin(0, &restored)),
            (Some(at(1, 9)), None, None)
        );
    }
}
