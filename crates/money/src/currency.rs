//! Currencies.

use crate::MoneyError;
use std::{fmt, str::FromStr};

/// A currency of ISO 4217, by its code of three capital letters.
///
/// ```
/// use money::Currency;
///
/// assert_eq!("EUR".parse::<Currency>()?.exponent(), Some(2));
/// assert_eq!("JPY".parse::<Currency>()?.exponent(), Some(0));
/// assert_eq!("XAU".parse::<Currency>()?.exponent(), None, "gold has no cents");
/// assert!("eur".parse::<Currency>().is_err());
/// # Ok::<_, money::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Three capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the currency's smallest unit has: two for the euro, none for the yen, three for the dinar of
    /// Kuwait. `None` where ISO 4217 knows no smaller unit: metals, funds, and the codes for tests and for no currency.
    #[must_use]
    pub fn exponent(self) -> Option<u32> {
        self.0.exponent().map(u32::from)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code).map(Self).ok_or(MoneyError::NoSuchCurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
