//! The one clock of a host: triggers, timers and data services go by it, and handlers and simulators by the same
//! offset, which they find in a file.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use local_data::Clock;
use uuid::Uuid;

/// Names the file in the environment of handlers and simulators. It holds one decimal number: the milliseconds by which
/// their clock is ahead of the machine's.
pub(crate) const CLOCK_OFFSET_FILE: &str = "CLOCK_OFFSET_FILE";

/// The file's name where data is kept between runs: what was written in the future stays in the past.
pub const CLOCK_FILE: &str = "clock-offset-ms";

/// The farthest that handlers travel, in hours: 100 years of 365 days.
const OFFSET_MAX: SignedDuration = SignedDuration::from_hours(100 * 365 * 24);

/// A clock that can be moved while everything runs: forward by any time, back only to the machine's.
#[derive(Debug)]
pub struct TimeTravel {
    clock: Clock,
    /// Absolute: handlers run in other folders.
    file: PathBuf,
    /// False when the data services run in another process and would stay behind.
    can_move: bool,
    /// Whether the file is removed at the end.
    temporary: bool,
    /// One journey at a time: the file and the clock change together.
    moving: Mutex<()>,
}

/// A way to move a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journey {
    /// Forward by so much.
    Advance(Duration),
    /// Forward to this moment.
    Set(Timestamp),
    /// Back to the machine's clock.
    Reset,
}

/// Why a clock cannot be moved.
#[derive(Debug, thiserror::Error)]
pub enum TravelError {
    /// The data services have a clock of their own.
    #[error("the data services run in another process, whose clock this host cannot move")]
    Elsewhere,
    /// A moment that has passed.
    #[error(
        "{0} has passed by this clock; time goes forward, and back only to the machine's clock by a reset"
    )]
    Backwards(Timestamp),
    /// Too far.
    #[error("the clock would be more than 100 years ahead")]
    TooFar,
    /// The file of the offset.
    #[error("writing {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl TimeTravel {
    /// The clock of a host whose data is kept in `data`, if it is, at the time at which the last run left it.
    pub(crate) fn start(
        clock: Clock,
        data: Option<&Path>,
        can_move: bool,
    ) -> Result<Self, TravelError> {
        let file = match data {
            Some(folder) => folder.join(CLOCK_FILE),
            None => std::env::temp_dir().join(format!("clock-offset-ms-{}", Uuid::new_v4())),
        };
        let file = std::path::absolute(&file).unwrap_or(file);
        let travel =
            Self { clock, file, can_move, temporary: data.is_none(), moving: Mutex::default() };
        let kept =
            std::fs::read_to_string(&travel.file).ok().and_then(|text| text.trim().parse().ok());
        let kept =
            kept.map(SignedDuration::from_millis).filter(|kept| can_move && *kept <= OFFSET_MAX);
        travel.go_to(kept.unwrap_or(travel.clock.offset()))?;
        Ok(travel)
    }

    /// The clock of a host that goes by the offset that another one writes into `file`. It is not moved here.
    pub(crate) fn elsewhere(clock: Clock, file: &Path) -> Self {
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        Self { clock, file, can_move: false, temporary: false, moving: Mutex::default() }
    }

    /// The file that handlers and simulators read.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The present by this clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How far it is ahead of the machine's clock.
    pub fn offset(&self) -> SignedDuration {
        self.clock.offset()
    }

    /// Moves the clock for everybody.
    pub fn go(&self, journey: Journey) -> Result<(), TravelError> {
        if !self.can_move {
            return Err(TravelError::Elsewhere);
        }
        let _alone = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let by = match journey {
            Journey::Reset => return self.go_to(SignedDuration::ZERO),
            Journey::Advance(by) => {
                SignedDuration::try_from(by).map_err(|_| TravelError::TooFar)?
            }
            Journey::Set(moment) => moment.duration_since(self.clock.now()),
        };
        if by.is_negative() {
            return Err(TravelError::Backwards(
                self.clock.now().saturating_add(by).unwrap_or_default(),
            ));
        }
        let offset = self.clock.offset().saturating_add(by);
        if offset > OFFSET_MAX {
            return Err(TravelError::TooFar);
        }
        self.go_to(offset)
    }

    /// Handlers first: what becomes due calls them at once. Whole milliseconds, which is what they read.
    fn go_to(&self, offset: SignedDuration) -> Result<(), TravelError> {
        let offset_ms = i64::try_from(offset.as_millis()).map_err(|_| TravelError::TooFar)?;
        self.write(offset_ms)
            .map_err(|source| TravelError::File { path: self.file.clone(), source })?;
        self.clock.set_offset(SignedDuration::from_millis(offset_ms));
        Ok(())
    }

    /// Replaces the file as a whole: nobody may read half a number.
    fn write(&self, offset_ms: i64) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = self.file.with_extension("new");
        std::fs::write(&new, offset_ms.to_string())?;
        std::fs::rename(&new, &self.file)
    }
}

impl Drop for TimeTravel {
    fn drop(&mut self) {
        if self.temporary {
            // Nobody reads it any more; what cannot be removed is a few bytes in the system's temporary folder.
            let _ = std::fs::remove_file(&self.file);
        }
    }
}

impl Journey {
    /// Reads `31d`, `2h 30m` or `P31D`; a day has 24 hours.
    pub fn advance(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no time span; write one such as 31d, 2h, 90s or P31DT12H");
        let span: Span = text.trim().parse().map_err(|_| wrong())?;
        let by = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
        Duration::try_from(by).map(Self::Advance).map_err(|_| {
            format!("{text:?} goes backwards; time goes forward, and back only by a reset")
        })
    }

    /// Reads a moment such as `2027-01-01T00:00:00Z`.
    pub fn set(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map(Self::Set)
            .map_err(|_| format!("{text:?} is no moment; write one such as 2027-01-01T00:00:00Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn offset_ms(travel: &TimeTravel) -> i64 {
        std::fs::read_to_string(travel.file()).unwrap().parse().unwrap()
    }

    #[test]
    fn the_file_and_the_clock_move_together_and_the_file_is_gone_at_the_end() {
        let travel = TimeTravel::start(Clock::system(), None, true).unwrap();
        let file = travel.file().to_owned();
        assert_eq!(offset_ms(&travel), 0);
        travel.go(Journey::Advance(31 * DAY)).unwrap();
        travel.go(Journey::Advance(DAY)).unwrap();
        assert_eq!(offset_ms(&travel), 32 * 24 * 60 * 60 * 1000);
        assert_eq!(travel.offset().as_hours(), 32 * 24);
        travel.go(Journey::Reset).unwrap();
        assert_eq!((offset_ms(&travel), travel.offset()), (0, SignedDuration::ZERO));
        drop(travel);
        assert!(!file.exists());
    }

    #[test]
    fn kept_data_keeps_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let start = || TimeTravel::start(Clock::system(), Some(folder.path()), true).unwrap();
        start().go(Journey::Advance(DAY)).unwrap();
        assert_eq!(start().offset().as_hours(), 24);
    }

    #[test]
    fn time_goes_forward_and_not_too_far() {
        let travel = TimeTravel::start(Clock::system(), None, true).unwrap();
        let past = Journey::set("2001-01-01T00:00:00Z").unwrap();
        assert!(matches!(travel.go(past), Err(TravelError::Backwards(_))));
        let far = Journey::Advance(101 * 365 * DAY);
        assert!(matches!(travel.go(far), Err(TravelError::TooFar)));
        let next = Journey::Set(travel.now() + DAY);
        travel.go(next).unwrap();
        // Real time went on in between.
        let missing = SignedDuration::from_hours(24) - travel.offset();
        assert!(missing < SignedDuration::from_mins(1), "{missing:?}");
        let elsewhere = TimeTravel::start(Clock::system(), None, false).unwrap();
        assert!(matches!(elsewhere.go(Journey::Reset), Err(TravelError::Elsewhere)));
    }

    #[test]
    fn spans_are_read_in_both_spellings() {
        for (text, hours) in [("31d", 744), ("2h", 2), ("P31D", 744), ("P1DT2H", 26), ("1d 2h", 26)]
        {
            let expected = Journey::Advance(Duration::from_secs(hours * 3600));
            assert_eq!(Journey::advance(text), Ok(expected), "{text}");
        }
        for text in ["", "soon", "31", "1 month"] {
            assert!(Journey::advance(text).unwrap_err().contains("31d"), "{text}");
        }
        assert!(Journey::advance("-1h").unwrap_err().contains("only by a reset"));
        assert!(Journey::set("tomorrow").unwrap_err().contains("2027-01-01"));
    }
}
