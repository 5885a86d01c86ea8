//! Series of numbers.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The most characters of a seller's code.
pub const MAX_SELLER: usize = 8;
const YEARS: std::ops::RangeInclusive<i16> = 2000..=9999;

/// A series of numbers: those of one seller in one year, such as `IOEU-2026`. The law wants numbers that follow each
/// other without a gap within a series, and lets us have several (directive 2006/112/EC, article 226, point 2).
///
/// Series sort by seller, then by year. In JSON a string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Series {
    seller: String,
    year: i16,
}

/// Not the name of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a seller's code of 2 to {MAX_SELLER} capital letters, a dash and a year, such as IOEU-2026"
)]
pub struct NoSeries;

impl Series {
    /// The series of the seller with this code, 2 to [`MAX_SELLER`] capital letters, for the year of a tax point.
    ///
    /// # Errors
    /// [`NoSeries`] if the code has another form, or the year is before 2000.
    pub fn on(seller: &str, tax_point: Date) -> Result<Self, NoSeries> {
        let is_code = (2..=MAX_SELLER).contains(&seller.len())
            && seller.bytes().all(|b| b.is_ascii_uppercase());
        if !is_code || !YEARS.contains(&tax_point.year()) {
            return Err(NoSeries);
        }
        Ok(Self { seller: seller.to_owned(), year: tax_point.year() })
    }

    /// The same for something that happens now: where the seller is, it may be next year already.
    ///
    /// # Errors
    /// As [`Series::on`].
    pub fn at(seller: &str, instant: Timestamp, zone: &TimeZone) -> Result<Self, NoSeries> {
        Self::on(seller, zone.to_datetime(instant).date())
    }

    /// The seller's code.
    #[must_use]
    pub fn seller(&self) -> &str {
        &self.seller
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> i16 {
        self.year
    }
}

impl FromStr for Series {
    type Err = NoSeries;

    fn from_str(text: &str) -> Result<Self, NoSeries> {
        let (seller, year) = text.split_once('-').ok_or(NoSeries)?;
        let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let year = is_year.then(|| year.parse().ok()).flatten().ok_or(NoSeries)?;
        Self::on(seller, Date::new(year, 1, 1).map_err(|_| NoSeries)?)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.seller, self.year)
    }
}

impl TryFrom<String> for Series {
    type Error = NoSeries;
    fn try_from(text: String) -> Result<Self, NoSeries> {
        text.parse()
    }
}

impl From<Series> for String {
    fn from(series: Series) -> Self {
        series.to_string()
    }
}
