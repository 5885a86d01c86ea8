//! How far a consumer is in a partition, set against what is known to lie there.

use serde::Serialize;

/// What the consumer's own host says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Checkpoint {
    /// It has read nothing yet.
    Never,
    /// It has read up to this sequence number.
    At(i64),
    /// It cannot be told; why.
    Unknown(String),
}

/// How a consumer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Standing {
    /// Everything that is known to lie there was read.
    CaughtUp,
    /// Events wait.
    Behind,
    /// The consumer has never read this partition. That is not 0 behind.
    NeverRead,
    /// It has read something, and nothing of the partition was captured yet: what waits is not known.
    NotCaptured,
    /// Its checkpoint cannot be read.
    Unknown,
}

/// How far a consumer is in a partition. What is known to lie there is what was captured, so it is at least so far behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Progress {
    pub(crate) standing: Standing,
    /// The sequence number up to which it has read.
    pub(crate) checkpoint: Option<i64>,
    /// How many events wait, at least; nothing if it is not known. What was never read is counted from the partition's beginning.
    pub(crate) behind: Option<u64>,
    /// Why it is not known.
    pub(crate) why: Option<String>,
}

impl Progress {
    /// `captured` is the newest sequence number that was captured, if any was.
    pub(crate) fn of(checkpoint: Checkpoint, captured: Option<i64>) -> Self {
        let waiting = |after: i64| captured.map(|newest| count(newest, after));
        let (standing, checkpoint, behind, why) = match checkpoint {
            Checkpoint::Unknown(why) => (Standing::Unknown, None, None, Some(why)),
            Checkpoint::Never => (Standing::NeverRead, None, waiting(-1), None),
            Checkpoint::At(read) => {
                let behind = waiting(read);
                let standing = match behind {
                    None => Standing::NotCaptured,
                    Some(0) => Standing::CaughtUp,
                    Some(_) => Standing::Behind,
                };
                (standing, Some(read), behind, None)
            }
        };
        Self { standing, checkpoint, behind, why }
    }

    /// The sequence number after which events are known to wait; nothing if none are.
    pub(crate) fn waits_after(&self) -> Option<i64> {
        self.behind.filter(|behind| *behind > 0)?;
        Some(self.checkpoint.unwrap_or(-1))
    }
}

/// Sequence numbers of a partition begin with 0 and leave none out.
fn count(newest: i64, after: i64) -> u64 {
    u64::try_from(newest.saturating_sub(after)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn stands(checkpoint: Checkpoint, captured: Option<i64>) -> (Standing, Option<u64>) {
        let progress = Progress::of(checkpoint, captured);
        (progress.standing, progress.behind)
    }

    #[test]
    fn what_waits_is_counted_from_the_checkpoint_and_a_consumer_may_be_ahead_of_capture() {
        assert_eq!(stands(Checkpoint::At(4), Some(9)), (Standing::Behind, Some(5)));
        assert_eq!(stands(Checkpoint::At(9), Some(9)), (Standing::CaughtUp, Some(0)));
        assert_eq!(stands(Checkpoint::At(12), Some(9)), (Standing::CaughtUp, Some(0)));
        assert_eq!(stands(Checkpoint::At(12), None), (Standing::NotCaptured, None));
    }

    #[test]
    fn never_read_is_not_nothing_to_read_and_unknown_is_no_number() {
        assert_eq!(stands(Checkpoint::Never, Some(0)), (Standing::NeverRead, Some(1)));
        assert_eq!(stands(Checkpoint::Never, None), (Standing::NeverRead, None));
        let unknown = Progress::of(Checkpoint::Unknown("away".to_owned()), Some(9));
        assert_eq!((unknown.standing, unknown.behind), (Standing::Unknown, None));
        assert_eq!(unknown.why.as_deref(), Some("away"));
    }

    #[test]
    fn what_waits_begins_after_the_checkpoint_or_at_the_beginning() {
        let after = |checkpoint| Progress::of(checkpoint, Some(9)).waits_after();
        assert_eq!(after(Checkpoint::At(4)), Some(4));
        assert_eq!(after(Checkpoint::Never), Some(-1));
        assert_eq!(after(Checkpoint::At(9)), None);
        assert_eq!(after(Checkpoint::Unknown(String::new())), None);
    }
}
