//! An invoice that has no number yet.

use crate::{Category, Iban, Line, Name, Number, Party, Rate, Reference, Text};
use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// All of an invoice or a credit note but its number and its sums. Every field can be set; what is wrong with them
/// together [`Draft::totals`] and [`Draft::numbered`] say, all at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// Who sells.
    pub seller: Party,
    /// Who buys.
    pub buyer: Party,
    /// The day on which it is issued, where the seller is (BT-2).
    pub issued: Date,
    /// The day on which the VAT falls due (BT-7): its year is that of the number, and its rates are those of the lines.
    pub tax_point: Date,
    /// By when it is to be paid (BT-9); a credit note has no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Of all amounts (BT-5).
    pub currency: Currency,
    /// What is sold or credited: 1 to [`MAX_LINES`](crate::MAX_LINES).
    pub lines: Vec<Line>,
    /// What else is to be said (BT-22): at most [`MAX_NOTES`](crate::MAX_NOTES).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
    /// How it is paid. Either this says its terms, or there is a day in `due`, unless nothing is left to pay.
    #[serde(default)]
    pub payment: Payment,
    /// What was paid before the invoice was issued (BT-113), with VAT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepaid: Option<Money>,
    /// The buyer's order (BT-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_reference: Option<Reference>,
    /// What the buyer wants to see on it (BT-10), such as a Leitweg-ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_reference: Option<Reference>,
}

/// Asked for money, or giving it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Kind {
    /// An invoice (UNTDID 1001: 380).
    Invoice,
    /// A credit note (381): takes back an invoice or parts of it. Its amounts are positive.
    CreditNote {
        /// The invoice (BT-25).
        of: Number,
        /// When that was issued (BT-26).
        issued: Date,
        /// What of the invoice was open before this note, by group of VAT. The note's VAT is what the invoice's VAT falls
        /// by, so that all notes together give back exactly the VAT of the invoice, however the parts round.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<Open>,
    },
}

/// What is left of a group of VAT of an invoice, after the credit notes to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// The group's category.
    pub category: Category,
    /// The group's rate.
    pub rate: Rate,
    /// The sum of its lines that is not credited yet.
    pub taxable: Money,
}

/// How an invoice is paid, or a credit note paid back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// In words (BT-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Text>,
    /// To which account of the seller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// What the payer is asked to write on the transfer (BT-83); the number of the invoice if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
}

/// A transfer of money to an account (BG-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// The account (BT-84).
    pub iban: Iban,
    /// Whose it is (BT-85).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Name>,
    /// The bank (BT-86).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<Reference>,
}
