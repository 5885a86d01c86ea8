//! Taking back an invoice, or parts of it.

use crate::{Category, Draft, Invoice, Kind, Line, Number, Payment, Rate, Reference, draft::Open};
use jiff::civil::Date;
use money::{Money, MoneyError};
use std::collections::{BTreeMap, BTreeSet};

/// What the buyer reads on a credit note instead of a day to pay by.
const TERMS: &str = "The amount is paid back or set off against what is owed.";

/// What is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Crediting {
    /// All that is left: the whole invoice, if there was no credit note to it.
    Rest,
    /// So many of these lines.
    Lines(Vec<CreditedLine>),
}

/// What is credited of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditedLine {
    /// The line's id in the invoice.
    pub id: Reference,
    /// How many; at most what is left.
    pub quantity: u32,
}

/// Why there is no credit note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// A credit note is not taken back by another one: issue an invoice.
    #[error("{0} is a credit note, and only an invoice can be credited")]
    NotAnInvoice(Number),
    /// Among those that were to be the credit notes to the invoice is one that is not.
    #[error("{0} is no credit note to this invoice")]
    OfAnother(Number),
    /// One credit note was handed in twice.
    #[error("the credit note {0} was counted twice")]
    CountedTwice(Number),
    /// The invoice has no such line, or it is asked for twice.
    #[error("the invoice has no line {0}, or it is asked for twice")]
    NoSuchLine(Reference),
    /// Less is left of the line.
    #[error("{asked} of line {line} cannot be credited: {left} are left")]
    MoreThanLeft {
        /// The line.
        line: Reference,
        /// How many were to be credited.
        asked: u32,
        /// How many can be.
        left: u32,
    },
    /// Everything was credited before, or nothing is asked for.
    #[error("nothing is left of the invoice, or nothing of it was asked for")]
    Nothing,
    /// A credit note is no older than its invoice.
    #[error("a credit note cannot be issued on {0}, before its invoice")]
    TooEarly(Date),
    /// Its sums.
    #[error("the sums of the credit note cannot be made: {0}")]
    Sums(#[from] MoneyError),
}

/// What is left of a line.
struct Left<'a> {
    line: &'a Line,
    quantity: u32,
    net: Money,
}

impl Invoice {
    /// The draft of a credit note to this invoice, issued on this day, which is its tax point too. `before` are all credit
    /// notes to the invoice up to now: together with them it never credits more of a line, more net or more VAT than the
    /// invoice has, and if it credits the rest, they come to exactly the invoice. Rates and prices are those of the invoice.
    ///
    /// A line's discount goes back by quantity. Where a price is finer than the currency's smallest unit, a line that is
    /// credited piece by piece may keep up to one such unit a piece.
    ///
    /// # Errors
    /// Any [`CreditError`].
    pub fn credit(
        &self,
        what: &Crediting,
        before: &[Self],
        issued: Date,
    ) -> Result<Draft, CreditError> {
        let content = self.content();
        if content.kind != Kind::Invoice {
            return Err(CreditError::NotAnInvoice(self.number().clone()));
        }
        if issued < content.issued {
            return Err(CreditError::TooEarly(issued));
        }
        self.are_to_this(before)?;
        let left = self.left(before)?;
        let lines = credited(what, &left)?;
        if lines.is_empty() {
            return Err(CreditError::Nothing);
        }
        let terms = TERMS.to_owned().try_into().expect("a line of text");
        Ok(Draft {
            kind: Kind::CreditNote {
                of: self.number().clone(),
                issued: content.issued,
                open: open(&left, content)?,
            },
            issued,
            tax_point: issued,
            due: None,
            lines,
            notes: Vec::new(),
            payment: Payment { terms: Some(terms), ..Payment::default() },
            prepaid: None,
            ..content.clone()
        })
    }

    fn are_to_this(&self, notes: &[Self]) -> Result<(), CreditError> {
        let mut seen = BTreeSet::new();
        for note in notes {
            let number = note.number().clone();
            match &note.content().kind {
                Kind::CreditNote { of, .. } if of == self.number() => {}
                _ => return Err(CreditError::OfAnother(number)),
            }
            if !seen.insert(number.clone()) {
                return Err(CreditError::CountedTwice(number));
            }
        }
        Ok(())
    }

    /// In the order of the invoice's lines.
    fn left(&self, notes: &[Self]) -> Result<Vec<Left<'_>>, CreditError> {
        let mut gone: BTreeMap<&str, (u32, Money)> = BTreeMap::new();
        let nothing = (0, Money::zero(self.content().currency));
        for note in notes {
            for (line, total) in note.content().lines.iter().zip(&note.totals().lines) {
                let gone = gone.entry(line.id.as_str()).or_insert(nothing);
                *gone = (gone.0.saturating_add(line.quantity), gone.1.plus(total.net)?);
            }
        }
        let lines = self.content().lines.iter().zip(&self.totals().lines);
        lines
            .map(|(line, total)| {
                let (quantity, net) = gone.get(line.id.as_str()).copied().unwrap_or(nothing);
                let quantity = line.quantity.saturating_sub(quantity);
                Ok(Left { line, quantity, net: total.net.minus(net)? })
            })
            .collect()
    }
}

fn credited(what: &Crediting, left: &[Left<'_>]) -> Result<Vec<Line>, CreditError> {
    match what {
        Crediting::Rest => {
            let some = left.iter().filter(|left| left.quantity > 0);
            some.map(|left| Ok(left.piece(left.quantity)?)).collect()
        }
        Crediting::Lines(lines) => {
            let mut seen = BTreeSet::new();
            let pieces = lines.iter().map(|asked| {
                let found = left.iter().find(|left| left.line.id == asked.id);
                let found = found.filter(|_| seen.insert(asked.id.as_str()));
                let left = found.ok_or_else(|| CreditError::NoSuchLine(asked.id.clone()))?;
                if asked.quantity > left.quantity {
                    return Err(CreditError::MoreThanLeft {
                        line: asked.id.clone(),
                        asked: asked.quantity,
                        left: left.quantity,
                    });
                }
                Ok((asked.quantity > 0).then(|| left.piece(asked.quantity)).transpose()?)
            });
            pieces.filter_map(Result::transpose).collect()
        }
    }
}

impl Left<'_> {
    /// So many of what is left as a line of a credit note: its discount is what makes its net amount right.
    fn piece(&self, quantity: u32) -> Result<Line, MoneyError> {
        let mut piece = Line { quantity, discount: None, ..self.line.clone() };
        let full = piece.before_discount()?;
        let net = if quantity == self.quantity {
            self.net
        } else {
            let share = self.discount_on(self.quantity)?;
            let share = share.minus(self.discount_on(self.quantity - quantity)?)?;
            lesser(full.minus(share)?, self.net)
        };
        let discount = full.minus(net)?;
        let discount = lesser(discount, full);
        piece.discount = (discount.amount().is_sign_positive() && !discount.amount().is_zero())
            .then_some(discount);
        Ok(piece)
    }

    /// The discount on so many of the line.
    fn discount_on(&self, quantity: u32) -> Result<Money, MoneyError> {
        let whole = self.line.discount.unwrap_or(Money::zero(self.net.currency()));
        whole.times(quantity.into())?.divided_by(self.line.quantity.into())
    }
}

/// Of two amounts in one currency.
fn lesser(one: Money, other: Money) -> Money {
    if other.amount() < one.amount() { other } else { one }
}

/// What is left of each group of VAT.
fn open(left: &[Left<'_>], content: &Draft) -> Result<Vec<Open>, MoneyError> {
    let mut groups: BTreeMap<(Category, Rate), Money> = BTreeMap::new();
    for left in left {
        let group = (left.line.vat.category, left.line.vat.rate);
        let sum = groups.entry(group).or_insert(Money::zero(content.currency));
        *sum = sum.plus(left.net)?;
    }
    let groups = groups.into_iter();
    Ok(groups.map(|((category, rate), taxable)| Open { category, rate, taxable }).collect())
}
