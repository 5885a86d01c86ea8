//! Why there is no such amount.

use crate::Currency;

/// An amount that cannot be had. The texts are for the client's eyes where an amount came from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// There is no such currency in ISO 4217.
    #[error("must be a currency code of three capital letters (ISO 4217) such as EUR")]
    NoSuchCurrency,
    /// The amount is no decimal number.
    #[error("must be a decimal number as text such as \"9.90\"")]
    NoDecimal,
    /// Nothing is converted by itself: ask for a rate first.
    #[error("{left} and {right} cannot be reckoned with each other without an exchange rate")]
    DifferentCurrencies {
        /// Of the amount that was asked.
        left: Currency,
        /// Of the other one.
        right: Currency,
    },
    /// The exact result has more digits than an amount can have: 28.
    #[error("the result has more digits than an amount can have: 28")]
    Overflow,
    /// Divided by nothing.
    #[error("an amount cannot be divided by zero")]
    DividedByZero,
    /// The currency has no smallest unit to round to, such as gold (XAU).
    #[error("{0} has no smallest unit")]
    NoMinorUnit(Currency),
    /// Only whole minor units can be allocated: round first.
    #[error("an amount in {0} must be rounded before it can be split")]
    NotRounded(Currency),
    /// There is nobody to allocate to.
    #[error("at least one weight must be more than zero")]
    NoWeights,
}
