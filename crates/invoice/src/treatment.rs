//! How a line is taxed.

use crate::{MAX_RATE_DECIMALS, Text};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{borrow::Cow, fmt, str::FromStr};

/// A category of VAT (BT-118, BT-151; UNCL 5305), in JSON its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Category {
    /// A rate above zero, whichever it is.
    #[serde(rename = "S")]
    Standard,
    /// A rate of zero.
    #[serde(rename = "Z")]
    Zero,
    /// Exempt by law.
    #[serde(rename = "E")]
    Exempt,
    /// The buyer owes the VAT in its own country.
    #[serde(rename = "AE")]
    ReverseCharge,
    /// Goods that leave the European Union.
    #[serde(rename = "G")]
    Export,
    /// Not a matter of the seller's VAT, such as a service to a buyer outside of the European Union. An invoice of it has
    /// nothing else on it, and names no VAT ids (BR-O-02, BR-O-11).
    #[serde(rename = "O")]
    OutsideScope,
}

impl Category {
    /// One or two capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Standard => "S",
            Self::Zero => "Z",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::Export => "G",
            Self::OutsideScope => "O",
        }
    }

    /// Whether an invoice must say why there is no VAT; the other categories must not.
    #[must_use]
    pub fn needs_a_reason(self) -> bool {
        !matches!(self, Self::Standard | Self::Zero)
    }
}

/// A rate of VAT in percent, 0 to 100 with at most [`MAX_RATE_DECIMALS`] decimals: `19`, `8.1`. In JSON a string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

/// Not a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a rate in percent, 0 to 100 with at most {MAX_RATE_DECIMALS} decimals, such as \"19\" or \"8.1\""
)]
pub struct NotARate;

impl Rate {
    /// No VAT.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// So many percent.
    ///
    /// # Errors
    /// [`NotARate`] if it is below 0, above 100, or has more than [`MAX_RATE_DECIMALS`] decimals.
    pub fn percent(percent: Decimal) -> Result<Self, NotARate> {
        let percent = percent.normalize();
        let is_rate = !percent.is_sign_negative()
            && percent <= Decimal::ONE_HUNDRED
            && percent.scale() <= MAX_RATE_DECIMALS;
        if is_rate { Ok(Self(percent)) } else { Err(NotARate) }
    }

    /// In percent: 19 for 19 %.
    #[must_use]
    pub fn as_percent(self) -> Decimal {
        self.0
    }

    /// As a factor: 0.19 for 19 %.
    #[must_use]
    pub fn as_factor(self) -> Decimal {
        self.0 * Decimal::new(1, 2)
    }
}

impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let plain = text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || c == '.')
            && !text.ends_with('.');
        let percent = plain.then(|| Decimal::from_str_exact(text).ok()).flatten();
        Self::percent(percent.ok_or(NotARate)?)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Why there is no VAT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// A code of the list VATEX (BT-121), such as `VATEX-EU-AE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<VatexCode>,
    /// The same in words (BT-120), as the law wants them on the invoice.
    pub text: Text,
}

/// A code of the list VATEX: `VATEX-`, the capital letters of a country or of the EU, `-`, and the rest.
pub type VatexCode = values::Line<30>;

/// How a line is taxed: decided for the day of the tax point ([`vat::Table`](crate::vat::Table)), frozen into the invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Treatment {
    /// The category.
    pub category: Category,
    /// The rate: at least 0.5 in [`Category::Standard`], zero in all others.
    pub rate: Rate,
    /// Why there is no VAT, in the categories that need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}
