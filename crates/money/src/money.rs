//! An amount and its currency.

use crate::{Currency, MoneyError, exact};
use rust_decimal::{Decimal, RoundingStrategy};
use std::{fmt, str::FromStr};

/// A decimal amount, also a negative one, and its currency. At most 28 digits, at most 28 of them decimals; more
/// decimals than the currency has are allowed on the way ([`Money::rounded`] ends it).
///
/// As text `9.90 EUR`, in JSON `{"amount": "9.90", "currency": "EUR"}`: the amount with at least as many decimals as
/// the currency has. Two amounts are equal if their values and currencies are: `9.9 EUR` is `9.90 EUR`. There is no
/// order: what would one euro be to one yen? Compare [`Money::amount`]s of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// So much of it.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing of it.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// So many of the currency's smallest units: 990 are `9.90 EUR`.
    ///
    /// # Errors
    /// [`MoneyError::NoMinorUnit`] if the currency has none.
    pub fn from_minor_units(units: i64, currency: Currency) -> Result<Self, MoneyError> {
        let exponent = currency.exponent().ok_or(MoneyError::NoMinorUnit(currency))?;
        Ok(Self::new(Decimal::new(units, exponent), currency))
    }

    /// The number alone.
    #[must_use]
    pub fn amount(self) -> Decimal {
        self.amount
    }

    /// Of what.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The sum, exactly.
    ///
    /// # Errors
    /// [`MoneyError::DifferentCurrencies`], [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(Self { amount: exact::sum(self.amount, other.amount)?, ..self })
    }

    /// The difference, exactly.
    ///
    /// # Errors
    /// [`MoneyError::DifferentCurrencies`], [`MoneyError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(Self { amount: -other.amount, ..other })
    }

    /// So many times, exactly: a quantity, a rate of tax or interest, an exchange rate's first half.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn times(self, factor: Decimal) -> Result<Self, MoneyError> {
        Ok(Self { amount: exact::product(self.amount, factor)?, ..self })
    }

    /// The quotient, rounded to the currency's smallest unit once, as [`Money::rounded`] does. To split an amount use
    /// [`Money::allocate`]: three times a third of `10.00 EUR` is not `10.00 EUR`.
    ///
    /// # Errors
    /// [`MoneyError::DividedByZero`], [`MoneyError::NoMinorUnit`], [`MoneyError::Overflow`].
    pub fn divided_by(self, divisor: Decimal) -> Result<Self, MoneyError> {
        Ok(Self { amount: exact::quotient(self.amount, divisor, self.exponent()?)?, ..self })
    }

    /// Rounded to the currency's smallest unit as merchants do: half a unit goes away from zero, so that 0.005 EUR are
    /// 0.01 EUR and -0.005 EUR are -0.01 EUR (DIN 1333).
    ///
    /// # Errors
    /// [`MoneyError::NoMinorUnit`] if the currency has no smallest unit.
    pub fn rounded(self) -> Result<Self, MoneyError> {
        let commercially = RoundingStrategy::MidpointAwayFromZero;
        Ok(Self {
            amount: self.amount.round_dp_with_strategy(self.exponent()?, commercially),
            ..self
        })
    }

    /// How many of the currency's smallest units: `9.90 EUR` are 990.
    ///
    /// # Errors
    /// [`MoneyError::NoMinorUnit`]; [`MoneyError::NotRounded`] if there is a fraction of one; [`MoneyError::Overflow`].
    pub fn minor_units(self) -> Result<i128, MoneyError> {
        let exponent = self.exponent()?;
        let amount = self.amount.normalize();
        let missing =
            exponent.checked_sub(amount.scale()).ok_or(MoneyError::NotRounded(self.currency))?;
        amount.mantissa().checked_mul(10_i128.pow(missing)).ok_or(MoneyError::Overflow)
    }

    pub(crate) fn exponent(self) -> Result<u32, MoneyError> {
        self.currency.exponent().ok_or(MoneyError::NoMinorUnit(self.currency))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::DifferentCurrencies { left: self.currency, right: other.currency })
    }

    /// The amount as it is written: with at least the currency's decimals.
    pub(crate) fn amount_text(self) -> String {
        let decimals = self.currency.exponent().unwrap_or(0).max(self.amount.normalize().scale());
        format!("{:.*}", decimals as usize, self.amount)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// `9.90 EUR`: digits with a point, perhaps a minus before them, a space, the currency.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (amount, currency) = text.split_once(' ').ok_or(MoneyError::NoDecimal)?;
        Ok(Self::new(parse_amount(amount)?, currency.parse()?))
    }
}

/// No plus, no exponent, no separators, no bare point, no white space; exactly as many digits as there are.
pub(crate) fn parse_amount(text: &str) -> Result<Decimal, MoneyError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && !digits.ends_with('.');
    if !plain {
        return Err(MoneyError::NoDecimal);
    }
    Decimal::from_str_exact(text).map_err(|_| MoneyError::NoDecimal)
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
