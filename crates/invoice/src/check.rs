//! What must hold of a draft, field by field and between fields. The names of rules are those of EN 16931.

use crate::{
    Category, Draft, InvoiceError, Kind, Line, MAX_LINES, MAX_NOTES, MAX_PRICE_DECIMALS,
    MAX_QUANTITY, MAX_UNIT_PRICE, Rate,
};
use money::Money;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use values::{Violation, Violations};

/// BR-CO-17 takes a rate that rounds to zero percent for one of zero.
const LEAST_STANDARD_RATE: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// Everything that is wrong with a draft but what only its sums can tell.
pub(crate) fn draft(draft: &Draft) -> Result<(), InvoiceError> {
    let mut wrong = Wrong(Vec::new());
    if draft.currency.exponent().is_none() {
        wrong.add("/currency", "must be a currency with a smallest unit");
    }
    if draft.lines.is_empty() || draft.lines.len() > MAX_LINES {
        let count = draft.lines.len();
        wrong.add("/lines", format!("must have 1 to {MAX_LINES} lines, not {count}"));
    }
    if draft.notes.len() > MAX_NOTES {
        wrong.add("/notes", format!("must have at most {MAX_NOTES} notes"));
    }
    dates(draft, &mut wrong);
    lines(draft, &mut wrong);
    groups(draft, &mut wrong);
    parties(draft, &mut wrong);
    Ok(Violations::collect(wrong.0)?)
}

/// What the sums tell: nobody paid more than is asked for, and who has to pay knows until when (BR-CO-25).
pub(crate) fn paid_enough(draft: &Draft, prepaid: Money, due: Money) -> Result<(), InvoiceError> {
    let mut wrong = Wrong(Vec::new());
    if prepaid.amount().is_sign_negative() && !prepaid.amount().is_zero() {
        wrong.add("/prepaid", "must be zero or more");
    }
    if due.amount() < Decimal::ZERO {
        wrong.add("/prepaid", "must be at most what the invoice comes to with VAT");
    }
    if draft.prepaid.is_some() && draft.kind != Kind::Invoice {
        wrong.add("/prepaid", "must not be in a credit note");
    }
    let says_when = draft.due.is_some() || draft.payment.terms.is_some();
    if due.amount() > Decimal::ZERO && !says_when {
        wrong.add("/due", "must be there, or the terms of payment, where something is left to pay");
    }
    Ok(Violations::collect(wrong.0)?)
}

/// A credit note that knows what is open of its invoice takes no more back, in no group of VAT.
pub(crate) fn open_enough(
    draft: &Draft,
    category: Category,
    rate: Rate,
    taxable: Money,
) -> Result<(), InvoiceError> {
    let Kind::CreditNote { open, .. } = &draft.kind else { return Ok(()) };
    let group = open.iter().find(|open| (open.category, open.rate) == (category, rate));
    if open.is_empty() || group.is_some_and(|open| taxable.amount() <= open.taxable.amount()) {
        return Ok(());
    }
    let detail = "must come to at most what is open of the invoice, by category and rate of VAT";
    Err(Violations::one("/lines", detail).into())
}

struct Wrong(Vec<Violation>);

impl Wrong {
    fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Violation { pointer: pointer.into(), detail: detail.into() });
    }
}

fn dates(draft: &Draft, wrong: &mut Wrong) {
    if draft.due.is_some_and(|due| due < draft.issued) {
        wrong.add("/due", "must not be before the day on which the invoice is issued");
    }
    if let Kind::CreditNote { issued, .. } = &draft.kind {
        if *issued > draft.issued {
            wrong.add("/issued", "must not be before the day on which the invoice was issued");
        }
        if draft.due.is_some() {
            wrong.add("/due", "must not be in a credit note: say it in the terms of payment");
        }
    }
}

fn lines(draft: &Draft, wrong: &mut Wrong) {
    let mut ids = BTreeSet::new();
    for (index, line) in draft.lines.iter().enumerate() {
        let at = |field: &str| format!("/lines/{index}/{field}");
        if !ids.insert(line.id.as_str()) {
            wrong.add(at("id"), "must be another one than those of the lines before");
        }
        if !(1..=MAX_QUANTITY).contains(&line.quantity) {
            wrong.add(at("quantity"), format!("must be 1 to {MAX_QUANTITY}"));
        }
        let price = line.unit_price.amount();
        if price.is_sign_negative() && !price.is_zero() || price > MAX_UNIT_PRICE.into() {
            wrong.add(at("unitPrice"), format!("must be 0 to {MAX_UNIT_PRICE}"));
        }
        if price.normalize().scale() > MAX_PRICE_DECIMALS {
            let most = format!("must have at most {MAX_PRICE_DECIMALS} decimals");
            wrong.add(at("unitPrice"), most);
        }
        amounts(draft, line, &at, wrong);
        treatment(line, &at("vat"), wrong);
    }
    if let Some(prepaid) = draft.prepaid {
        amount(draft, prepaid, "/prepaid".to_owned(), wrong);
    }
}

fn amounts(draft: &Draft, line: &Line, at: &dyn Fn(&str) -> String, wrong: &mut Wrong) {
    if line.unit_price.currency() != draft.currency {
        wrong.add(at("unitPrice"), format!("must be in the invoice's currency {}", draft.currency));
    }
    let Some(discount) = line.discount else { return };
    amount(draft, discount, at("discount"), wrong);
    let full = line.before_discount().map(Money::amount).unwrap_or(Decimal::MAX);
    let is_negative = discount.amount().is_sign_negative() && !discount.amount().is_zero();
    if is_negative || discount.amount() > full {
        wrong.add(at("discount"), "must be zero or more, and at most quantity times price");
    }
}

/// An amount that somebody pays: in the invoice's currency and rounded (BR-DEC).
fn amount(draft: &Draft, amount: Money, at: String, wrong: &mut Wrong) {
    if amount.currency() != draft.currency {
        wrong.add(at, format!("must be in the invoice's currency {}", draft.currency));
    } else if amount.rounded().is_ok_and(|rounded| rounded != amount) {
        wrong.add(at, "must be rounded to the currency's smallest unit");
    }
}

fn treatment(line: &Line, at: &str, wrong: &mut Wrong) {
    let vat = &line.vat;
    let fits = match vat.category {
        Category::Standard => vat.rate.as_percent() >= LEAST_STANDARD_RATE,
        _ => vat.rate == Rate::ZERO,
    };
    if !fits {
        let detail = "must be at least 0.5 in category S and zero in all others";
        wrong.add(format!("{at}/rate"), detail);
    }
    if vat.reason.is_some() != vat.category.needs_a_reason() {
        let detail = "must be there in the categories E, AE, G and O, and not in S and Z";
        wrong.add(format!("{at}/reason"), detail);
    }
}

/// One group of VAT has one reason; and what is outside of the scope of VAT stands alone (BR-O-11).
fn groups(draft: &Draft, wrong: &mut Wrong) {
    let mut reasons = BTreeMap::new();
    let mut categories = BTreeSet::new();
    for (index, line) in draft.lines.iter().enumerate() {
        let reason = reasons.entry(line.vat.category).or_insert(&line.vat.reason);
        if **reason != line.vat.reason {
            let detail = "must be that of the other lines of this category";
            wrong.add(format!("/lines/{index}/vat/reason"), detail);
        }
        categories.insert(line.vat.category);
    }
    if categories.len() > 1 && categories.contains(&Category::OutsideScope) {
        wrong.add("/lines", "must be all in category O or none of them");
    }
}

/// Who must be told apart by which id (BR-S-02, BR-Z-02, BR-E-02, BR-AE-02, BR-G-02, BR-O-02, BR-CO-26).
fn parties(draft: &Draft, wrong: &mut Wrong) {
    let has = |category| draft.lines.iter().any(|line| line.vat.category == category);
    if has(Category::OutsideScope) {
        if draft.seller.registration.is_none() {
            let detail = "must be there in category O, where the VAT id is left out";
            wrong.add("/seller/registration", detail);
        }
    } else if draft.seller.vat_id.is_none() {
        wrong.add("/seller/vatId", "must be there, unless all lines are in category O");
    }
    if has(Category::ReverseCharge) && draft.buyer.vat_id.is_none() {
        wrong.add("/buyer/vatId", "must be there in category AE, whose VAT the buyer owes");
    }
}
