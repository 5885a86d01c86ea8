#![doc = include_str!("../README.md")]

mod bank;
mod bounds;
mod check;
mod country;
mod credit;
mod draft;
mod error;
mod issued;
mod line;
mod number;
mod party;
mod series;
mod totals;
mod treatment;
pub mod ubl;
pub mod vat;
mod vat_id;

pub use bank::{Iban, NotAnIban};
pub use bounds::{
    MAX_LINES, MAX_NAME, MAX_NOTES, MAX_PRICE_DECIMALS, MAX_QUANTITY, MAX_RATE_DECIMALS,
    MAX_REFERENCE, MAX_TEXT, MAX_UNIT_PRICE, Name, Reference, Text,
};
pub use country::{Country, NoSuchCountry};
pub use credit::{CreditError, CreditedLine, Crediting};
pub use draft::{Draft, Kind, Open, Payment, Transfer};
pub use error::InvoiceError;
pub use issued::Invoice;
pub use line::Line;
pub use number::{MAX_COUNTER, NotANumber, Number};
pub use party::{Address, Party};
pub use series::{MAX_SELLER, NoSeries, Series};
pub use totals::{LineTotal, Totals, VatBreakdown};
pub use treatment::{Category, NotARate, Rate, Reason, Treatment, VatexCode};
pub use vat_id::{NotAVatId, VatId};
