//! Now.

use jiff::{SignedDuration, Timestamp, Unit};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// The farthest that a clock can travel, in milliseconds: 100 years of 365 days, into the future or the past.
const MAX_OFFSET_MS: i64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// A clock, in UTC and whole milliseconds: what is stored and shown has no finer time.
///
/// In Azure it is the system's. On a laptop and in tests it can travel in time: the local host writes an offset into a
/// file, and every clock that was given the file shows the system's time plus that offset.
///
/// ```
/// let clock = values::Clock::system();
/// assert!(clock.now() <= clock.now());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset: Option<Arc<OffsetFile>>,
    /// In milliseconds since 1970, where time passes by hand.
    stopped: Option<Arc<AtomicI64>>,
}

/// Why there is no such clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// A clock of Azure must not be turned.
    #[error(
        "a clock with an offset is for a laptop and for tests only, never where there is a managed identity"
    )]
    InAzure,
    /// The file cannot be read, or does not hold an offset.
    #[error("reading the clock's offset from {}: {cause}", .path.display())]
    Offset {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// The system's clock plus the offset that stands in a file: one decimal number, in milliseconds, negative for the
    /// past. The file is read at every look at the clock; whoever changes it replaces it as a whole. If it cannot be
    /// read one day, the last offset stays.
    ///
    /// # Errors
    /// The file cannot be read now, or its content is no offset of at most 100 years.
    pub fn with_offset_file(path: impl Into<PathBuf>) -> Result<Self, ClockError> {
        let path = path.into();
        let last_ms = read_offset_ms(&path)
            .map_err(|cause| ClockError::Offset { path: path.clone(), cause })?;
        let file = OffsetFile { path, last_ms: AtomicI64::new(last_ms) };
        Ok(Self { offset: Some(Arc::new(file)), stopped: None })
    }

    /// A clock that stands still; all its clones go on together by [`Clock::advance`]. For models, in which nothing
    /// depends on the time of the machine.
    #[must_use]
    pub fn stopped_at(time: Timestamp) -> Self {
        let now_ms = AtomicI64::new(time.as_millisecond());
        Self { offset: None, stopped: Some(Arc::new(now_ms)) }
    }

    /// Lets time pass on a clock that stands still; no other clock is moved.
    pub fn advance(&self, by: Duration) {
        if let Some(now_ms) = &self.stopped {
            let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            now_ms.fetch_add(by_ms, Ordering::Relaxed);
        }
    }

    /// The clock that a process's environment asks for: `offset_file` is the value of `CLOCK_OFFSET_FILE`, `in_azure`
    /// whether there is a managed identity (`IDENTITY_ENDPOINT` is set).
    ///
    /// # Errors
    /// An offset in Azure, and those of [`Clock::with_offset_file`].
    pub fn from_env_values(offset_file: Option<&str>, in_azure: bool) -> Result<Self, ClockError> {
        match offset_file {
            None => Ok(Self::system()),
            Some(_) if in_azure => Err(ClockError::InAzure),
            Some(path) => Self::with_offset_file(path),
        }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        if let Some(now_ms) = &self.stopped {
            let now_ms = now_ms.load(Ordering::Relaxed);
            return Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::MAX);
        }
        let now = Timestamp::now();
        let now = match &self.offset {
            None => now,
            Some(file) => now.checked_add(file.offset()).unwrap_or(now),
        };
        now.round(Unit::Millisecond).unwrap_or(now)
    }
}

#[derive(Debug)]
struct OffsetFile {
    path: PathBuf,
    /// What stood there when it was last read.
    last_ms: AtomicI64,
}

impl OffsetFile {
    fn offset(&self) -> SignedDuration {
        let offset_ms = match read_offset_ms(&self.path) {
            Ok(offset_ms) => {
                self.last_ms.store(offset_ms, Ordering::Relaxed);
                offset_ms
            }
            Err(_) => self.last_ms.load(Ordering::Relaxed),
        };
        SignedDuration::from_millis(offset_ms)
    }
}

fn read_offset_ms(path: &Path) -> Result<i64, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let text = text.trim();
    let offset_ms: i64 = text.parse().map_err(|_| {
        "it must hold one whole number of milliseconds, such as 2678400000 for 31 days".to_owned()
    })?;
    if offset_ms.unsigned_abs() > MAX_OFFSET_MS.unsigned_abs() {
        return Err(format!("it must be at most {MAX_OFFSET_MS} milliseconds (100 years) away"));
    }
    Ok(offset_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    /// How far ahead of the system's clock, in whole minutes.
    fn ahead(clock: &Clock) -> i64 {
        let difference = clock.now().duration_since(Timestamp::now());
        difference.round(Unit::Minute).unwrap().as_mins()
    }

    fn offset_file(content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, content).unwrap();
        file
    }

    #[test]
    fn a_clock_shows_whole_milliseconds() {
        assert_eq!(Clock::system().now().subsec_nanosecond() % 1_000_000, 0);
        assert_eq!(ahead(&Clock::system()), 0);
    }

    #[test]
    fn a_clock_that_stands_still_goes_on_by_hand_with_all_its_clones() {
        let clock = Clock::stopped_at(Timestamp::UNIX_EPOCH);
        let same_clock = clock.clone();
        clock.advance(Duration::from_secs(9));
        assert_eq!(same_clock.now(), Timestamp::from_second(9).unwrap());
    }

    #[test]
    fn a_clock_travels_while_it_runs_and_keeps_its_offset_if_the_file_is_lost() {
        let file = offset_file("0\n");
        let clock = Clock::from_env_values(file.path().to_str(), false).unwrap();
        let same_clock = clock.clone();
        assert_eq!(ahead(&clock), 0);
        fs::write(&file, (31 * DAY_MS).to_string()).unwrap();
        assert_eq!((ahead(&clock), ahead(&same_clock)), (31 * 24 * 60, 31 * 24 * 60));
        fs::write(&file, (-DAY_MS).to_string()).unwrap();
        assert_eq!(ahead(&clock), -24 * 60);
        fs::write(&file, "soon").unwrap();
        assert_eq!(ahead(&clock), -24 * 60);
        file.close().unwrap();
        assert_eq!(ahead(&clock), -24 * 60);
    }

    #[test]
    fn without_an_offset_that_makes_sense_there_is_no_clock_at_the_start() {
        let refusal =
            |content| Clock::with_offset_file(offset_file(content).path()).unwrap_err().to_string();
        assert!(refusal("").contains("must hold one whole number of milliseconds"));
        assert!(refusal("31d").contains("such as 2678400000 for 31 days"));
        assert!(refusal(&i64::MIN.to_string()).contains("100 years"));
        let missing = Clock::from_env_values(Some("no/such/file"), false).unwrap_err();
        assert!(missing.to_string().starts_with("reading the clock's offset from no/such/file: "));
    }

    #[test]
    fn in_azure_no_clock_is_turned() {
        let file = offset_file("0");
        let refused = Clock::from_env_values(file.path().to_str(), true);
        assert_eq!(refused.unwrap_err(), ClockError::InAzure);
        assert!(Clock::from_env_values(None, true).is_ok());
    }
}
