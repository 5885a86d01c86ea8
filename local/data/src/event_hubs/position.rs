//! Where somebody begins to read a partition.

use std::{fmt, str::FromStr};

use jiff::Timestamp;

/// A place in a partition, resolved to a sequence number when reading begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The oldest event that is kept.
    Start,
    /// Behind the newest event: only what comes from now on.
    End,
    /// The first event with this sequence number or a larger one.
    Sequence(i64),
    /// The first event whose offset is larger.
    AfterOffset(i64),
    /// The first event that was taken later.
    AfterTime(Timestamp),
}

/// A text that is no position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no position in a partition; write start, end, sequence:12, offset:1024 or time:2026-01-02T03:04:05Z"
)]
pub struct PositionError(String);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::End => f.write_str("end"),
            Self::Sequence(number) => write!(f, "sequence:{number}"),
            Self::AfterOffset(offset) => write!(f, "offset:{offset}"),
            Self::AfterTime(moment) => write!(f, "time:{moment}"),
        }
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let position = match text.split_once(':') {
            None if text == "start" => Some(Self::Start),
            None if text == "end" => Some(Self::End),
            Some(("sequence", number)) => number.parse().ok().map(Self::Sequence),
            Some(("offset", offset)) => offset.parse().ok().map(Self::AfterOffset),
            Some(("time", moment)) => moment.parse().ok().map(Self::AfterTime),
            _ => None,
        };
        position.ok_or_else(|| PositionError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for position in [
            Position::Start,
            Position::End,
            Position::Sequence(12),
            Position::AfterOffset(-1),
            Position::AfterTime("2026-01-02T03:04:05.678Z".parse().unwrap()),
        ] {
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        for text in ["", "latest", "sequence:", "offset:x", "time:yesterday"] {
            assert!(
                text.parse::<Position>().unwrap_err().to_string().contains("write start"),
                "{text}"
            );
        }
    }
}
