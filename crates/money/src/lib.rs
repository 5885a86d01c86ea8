//! Amounts of money, for every app's domain. Nothing here knows Azure, HTTP or the Functions host.
//!
//! - [`Money`]: a decimal amount and its currency. Arithmetic is exact or an error, never a float and never between two
//!   currencies; [`Money::rounded`] rounds as merchants do, [`Money::allocate`] splits without losing a cent.
//! - [`Currency`]: ISO 4217, and how many decimals it has.
//! - [`Price`]: an amount as a client wrote it, `{"amount": "9.90", "currency": "EUR"}`, kept to the letter.
//!
//! A bill for three months, with tax, paid by two people:
//!
//! ```
//! use money::{Money, MoneyError};
//! use rust_decimal::Decimal;
//!
//! fn shares_of_bill() -> Result<Vec<String>, MoneyError> {
//!     let monthly: Money = "9.90 EUR".parse()?;
//!     let net = monthly.times(Decimal::from(3))?;
//!     let tax = net.times(Decimal::new(19, 2))?.rounded()?; // 19 % of 29.70 are 5.643
//!     let gross = net.plus(tax)?;
//!     assert_eq!(gross.to_string(), "35.34 EUR");
//!     Ok(gross.allocate(&[2, 1])?.iter().map(Money::to_string).collect())
//! }
//!
//! assert_eq!(shares_of_bill()?, ["23.56 EUR", "11.78 EUR"]);
//! let (euro, yen): (Money, Money) = ("1 EUR".parse()?, "1 JPY".parse()?);
//! assert!(matches!(euro.plus(yen), Err(MoneyError::DifferentCurrencies { .. })));
//! # Ok::<_, MoneyError>(())
//! ```

mod allocation;
mod currency;
mod error;
mod exact;
mod json;
mod money;
mod price;

pub use currency::Currency;
pub use error::MoneyError;
pub use money::Money;
pub use price::{MAX_PRICE, Price};
