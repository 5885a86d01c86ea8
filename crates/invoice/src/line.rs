//! A line of an invoice.

use crate::{Name, Reference, Text, Treatment};
use money::Money;
use serde::{Deserialize, Serialize};

/// So many of one thing at one price (BG-25). Its sum is not written here: [`Draft::totals`](crate::Draft::totals) has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What the line is known by in its invoice and in the credit notes to it (BT-126); no two lines have the same.
    pub id: Reference,
    /// What is sold (BT-153).
    pub item: Name,
    /// How many (BT-129): 1 to [`MAX_QUANTITY`](crate::MAX_QUANTITY).
    pub quantity: u32,
    /// The price of one, without VAT (BT-146): zero or more, in the invoice's currency, with at most
    /// [`MAX_PRICE_DECIMALS`](crate::MAX_PRICE_DECIMALS) decimals.
    pub unit_price: Money,
    /// What is taken off the whole line (BT-136): zero or more, rounded, at most quantity times price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// How it is taxed (BG-30).
    pub vat: Treatment,
    /// What else is to be said about the line (BT-127).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}
