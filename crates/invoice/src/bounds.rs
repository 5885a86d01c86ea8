//! How much an invoice may hold. What is kept in one document, printed on a few pages and read by a person has bounds.

use values::Line as OneLine;

/// The most lines of an invoice.
pub const MAX_LINES: usize = 200;
/// The most of one thing on a line.
pub const MAX_QUANTITY: u32 = 10_000;
/// The highest price of one, in whole units of the currency.
pub const MAX_UNIT_PRICE: i64 = 1_000_000_000;
/// The most decimals of a price; it may be finer than the currency's smallest unit, a line's sum may not.
pub const MAX_PRICE_DECIMALS: u32 = 6;
/// The most decimals of a rate in percent.
pub const MAX_RATE_DECIMALS: u32 = 4;
/// The most notes on an invoice.
pub const MAX_NOTES: usize = 10;
/// The most characters of a [`Name`].
pub const MAX_NAME: usize = 200;
/// The most characters of a [`Reference`].
pub const MAX_REFERENCE: usize = 100;
/// The most characters of a [`Text`].
pub const MAX_TEXT: usize = 1_000;

/// What a person, a firm, a street, a city or a thing is called.
pub type Name = OneLine<MAX_NAME>;
/// What something is known by elsewhere: an order, a line, a register's entry, a postal code.
pub type Reference = OneLine<MAX_REFERENCE>;
/// What is said in a sentence or two.
pub type Text = OneLine<MAX_TEXT>;
