//! Numbers of invoices.

use crate::Series;
use serde::{Deserialize, Serialize};
use std::{fmt, num::NonZeroU32, str::FromStr};

/// The last number of a series.
pub const MAX_COUNTER: u32 = 999_999_999;

/// The number of an invoice or a credit note (BT-1): its series and the how manieth of it, such as `IOEU-2026-000001`;
/// from the millionth on it has more than six digits. Invoices and credit notes of a seller share a series.
///
/// Numbers sort by series, then as they were given. In JSON a string.
///
/// ```
/// let first: invoice::Number = "IOEU-2026-000001".parse()?;
/// assert_eq!(first.next().map(|next| next.to_string()).as_deref(), Some("IOEU-2026-000002"));
/// # Ok::<_, invoice::NotANumber>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number {
    series: Series,
    counter: NonZeroU32,
}

/// Not the number of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a series, a dash and a counter of at least six digits, 1 to {MAX_COUNTER}, such as IOEU-2026-000001"
)]
pub struct NotANumber;

impl Number {
    /// The how manieth of a series, from 1 to [`MAX_COUNTER`].
    ///
    /// # Errors
    /// [`NotANumber`] if the counter is 0 or above.
    pub fn new(series: Series, counter: u32) -> Result<Self, NotANumber> {
        let counter = NonZeroU32::new(counter).filter(|counter| counter.get() <= MAX_COUNTER);
        Ok(Self { series, counter: counter.ok_or(NotANumber)? })
    }

    /// Where it belongs.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// The how manieth of its series it is; the first is 1.
    #[must_use]
    pub fn counter(&self) -> u32 {
        self.counter.get()
    }

    /// The one that follows, unless the series has ended.
    #[must_use]
    pub fn next(&self) -> Option<Self> {
        Self::new(self.series.clone(), self.counter().checked_add(1)?).ok()
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    /// One spelling only, so that a number is one text: no zeros beyond the six digits.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (series, counter) = text.rsplit_once('-').ok_or(NotANumber)?;
        if !counter.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotANumber);
        }
        let series = series.parse().map_err(|_| NotANumber)?;
        let number = Self::new(series, counter.parse().map_err(|_| NotANumber)?)?;
        if number.to_string() == text { Ok(number) } else { Err(NotANumber) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:06}", self.series, self.counter)
    }
}

impl TryFrom<String> for Number {
    type Error = NotANumber;
    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.to_string()
    }
}
