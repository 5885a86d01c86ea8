//! Which VAT is on a service.
//!
//! **Not a tax engine.** It knows one case: a service that is supplied electronically, at the standard rate. It knows no
//! reduced rates, no goods, no small undertakings, no territories with rules of their own inside a country (the Canary
//! Islands, Åland, Livigno, Monaco, Northern Ireland's goods), not the VAT that countries outside of the European Union want
//! from sellers abroad, and does not ask VIES whether a VAT id was given to anybody. What it decides is written into the
//! invoice and stays there; whoever sells anything else makes the [`Treatment`] otherwise.
//!
//! | seller | buyer | VAT |
//! |---|---|---|
//! | anywhere | same country | S, the country's rate |
//! | European Union | another member state, with a VAT id | AE, 0, the buyer owes it |
//! | another country | a member state, without a VAT id | S, the rate of the buyer's country |
//! | any other | | O, 0 |
//!
//! The third row is directive 2006/112/EC, article 58: the seller declares the VAT through the one-stop shop. A seller in the
//! European Union whose sales of this kind stay below 10,000 euros a year may charge its own country's rate instead (article
//! 59c); nobody here counts them, and the buyer's rate is right for everybody who has chosen it.
//!
//! Rates are a file, a row for each change; the shipped one says where each comes from:
//!
//! ```
//! use invoice::vat::Table;
//! use jiff::civil::date;
//!
//! let table = Table::shipped();
//! let (germany, austria) = ("DE".parse()?, "AT".parse()?);
//! let at_home = table.treatment(germany, germany, None, date(2020, 12, 31))?;
//! assert_eq!((at_home.category.code(), at_home.rate.to_string().as_str()), ("S", "16"));
//! let to_a_firm = table.treatment(germany, austria, Some(&"ATU12345678".parse()?), date(2026, 12, 1))?;
//! assert_eq!(to_a_firm.category.code(), "AE");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

use crate::{Category, Country, Rate, Reason, Treatment, VatId};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The most rows of a table.
pub const MAX_ROWS: usize = 10_000;

const SHIPPED: &str = include_str!("../vat-rates.txt");
const REVERSE_CHARGE: (&str, &str) =
    ("VATEX-EU-AE", "Reverse charge: the buyer owes the VAT (directive 2006/112/EC, article 196).");
const OUTSIDE_SCOPE: (&str, &str) =
    ("VATEX-EU-O", "Not subject to VAT: the service is supplied in the country of the buyer.");

/// Rates by country and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    rows: BTreeMap<(Country, Date), (Category, Rate)>,
}

/// A table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A row has another form.
    #[error(
        "line {0} of the table of VAT rates is not a country, a day, a rate and S or Z, such as DE 2021-01-01 19 S"
    )]
    Row(usize),
    /// Two rows say something about the same country and day.
    #[error("line {0} of the table of VAT rates has the country and the day of another line")]
    Twice(usize),
    /// There are more than [`MAX_ROWS`].
    #[error("the table of VAT rates has more than {MAX_ROWS} rows")]
    TooLong,
}

/// Why it is not known how something is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTreatment {
    /// The table says nothing about this country on that day.
    #[error("the table of VAT rates has none for {country} on {on}: add a row")]
    NoRate {
        /// Whose rate was needed.
        country: Country,
        /// The tax point.
        on: Date,
    },
    /// A buyer's VAT id is of the country in which it is established, or nobody can say who owes the VAT.
    #[error("the buyer in {buyer} has a VAT id of {id}: give one of the buyer's country, or none")]
    VatIdOfAnotherCountry {
        /// Where the buyer is.
        buyer: Country,
        /// Whose id it has.
        id: Country,
    },
}

impl Table {
    /// The standard rates of the European Union, Iceland, Norway, Switzerland and the United Kingdom.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).expect("the shipped table is read by a test")
    }

    /// Reads a table: a row a line, `DE 2021-01-01 19 S`; empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut rows = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = row(line).ok_or(TableError::Row(index + 1))?;
            if rows.insert(key, value).is_some() {
                return Err(TableError::Twice(index + 1));
            }
            if rows.len() > MAX_ROWS {
                return Err(TableError::TooLong);
            }
        }
        Ok(Self { rows })
    }

    /// Category and rate in a country on a day.
    ///
    /// # Errors
    /// [`NoTreatment::NoRate`].
    pub fn rate(&self, country: Country, on: Date) -> Result<(Category, Rate), NoTreatment> {
        let newest = self.rows.range((country, Date::MIN)..=(country, on)).next_back();
        newest.map(|(_, rate)| *rate).ok_or(NoTreatment::NoRate { country, on })
    }

    /// How a service is taxed whose tax point is this day.
    ///
    /// # Errors
    /// [`NoTreatment`].
    pub fn treatment(
        &self,
        seller: Country,
        buyer: Country,
        buyer_vat_id: Option<&VatId>,
        on: Date,
    ) -> Result<Treatment, NoTreatment> {
        if let Some(id) = buyer_vat_id.map(VatId::country).filter(|id| *id != buyer) {
            return Err(NoTreatment::VatIdOfAnotherCountry { buyer, id });
        }
        let is_abroad = seller != buyer;
        let owes_the_vat = buyer_vat_id.is_some();
        if is_abroad && (owes_the_vat || !buyer.is_in_the_european_union()) {
            let within_the_union =
                seller.is_in_the_european_union() && buyer.is_in_the_european_union();
            return Ok(if within_the_union {
                without_vat(Category::ReverseCharge, REVERSE_CHARGE)
            } else {
                without_vat(Category::OutsideScope, OUTSIDE_SCOPE)
            });
        }
        let (category, rate) = self.rate(buyer, on)?;
        Ok(Treatment { category, rate, reason: None })
    }
}

fn row(line: &str) -> Option<((Country, Date), (Category, Rate))> {
    let columns: Vec<&str> = line.split_ascii_whitespace().collect();
    let [country, from, rate, category] = columns[..] else { return None };
    let rate: Rate = rate.parse().ok()?;
    let category = match category {
        "S" if rate > Rate::ZERO => Category::Standard,
        "Z" if rate == Rate::ZERO => Category::Zero,
        _ => return None,
    };
    Some(((country.parse().ok()?, from.parse().ok()?), (category, rate)))
}

fn without_vat(category: Category, (code, text): (&str, &str)) -> Treatment {
    let one_line = "our own code and text are lines";
    let reason = Reason {
        code: Some(code.to_owned().try_into().expect(one_line)),
        text: text.to_owned().try_into().expect(one_line),
    };
    Treatment { category, rate: Rate::ZERO, reason: Some(reason) }
}
