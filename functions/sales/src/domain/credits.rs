//! What is credited of an invoice, and what is left.

use super::OrderId;
use invoice::Invoice;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use values::{Fields, Line, Refused, Violations};

/// Most credit notes to one invoice.
pub(crate) const MAX_NOTES: usize = 100;
/// Most pieces of a line.
const MAX_QUANTITY: u32 = 10_000;
/// Most lines of an invoice.
const MAX_LINES: usize = 200;

/// So many pieces of a line of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pieces {
    /// From 1.
    pub(crate) line: u32,
    pub(crate) quantity: u32,
}

/// What a credit note takes back of which invoice, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreditOf {
    pub(crate) invoice: invoice::Number,
    #[serde(rename = "lines")]
    pub(crate) pieces: Vec<Pieces>,
    pub(crate) reason: Line<200>,
}

/// The body of `POST credit-notes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewCredit {
    /// `None`: all that is left.
    pub(crate) pieces: Option<Vec<Pieces>>,
    pub(crate) reason: Line<200>,
}

/// What credit notes have taken of one invoice, in the order in which they came: whoever is in this list is issued, and
/// nobody who is not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Credits(Vec<Reserved>);

/// A credit note's share. Its number follows when it is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reserved {
    pub(crate) order: OrderId,
    #[serde(rename = "lines")]
    pub(crate) pieces: Vec<Pieces>,
}

/// Why nothing is reserved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotCreditable {
    #[error("{left}")]
    MoreThanLeft { left: Left },
    #[error("an invoice has at most {MAX_NOTES} credit notes, and this one has them")]
    TooManyNotes,
}

/// What can still be credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left(pub(crate) Vec<Pieces>);

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing is left of the invoice");
        }
        f.write_str("what is left of the invoice is")?;
        for (at, Pieces { line, quantity }) in self.0.iter().enumerate() {
            write!(f, "{} {quantity} of line {line}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl NewCredit {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let is_whole = body.get("lines").is_none_or(Value::is_null);
        let pieces = if is_whole {
            fields.kept("lines", &Value::Null, false);
            Ok(None)
        } else {
            fields.list("lines", 1..=MAX_LINES, Written::read).map(Some)
        };
        let reason = fields.text("reason", Line::parse);
        fields.finish()?;
        let (pieces, reason) = (pieces?, reason?);
        let pieces = pieces.map(complete).transpose()?;
        Ok(Self { pieces, reason })
    }
}

/// As a client wrote them.
struct Written {
    line: Option<u32>,
    quantity: Option<u32>,
}

impl Written {
    fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let whole = |n: i64| u32::try_from(n).ok().filter(|n| (1..=MAX_QUANTITY).contains(n));
        let line = fields.optional_integer("line", |n| whole(n).ok_or("must be a line, from 1"));
        let quantity =
            fields.optional_integer("quantity", |n| whole(n).ok_or("must be 1 to 10000 pieces"));
        Ok(Self { line: line?, quantity: quantity? })
    }
}

/// Each line once, and with how many pieces.
fn complete(lines: Vec<Written>) -> Result<Vec<Pieces>, Violations> {
    let mut pieces: Vec<Pieces> = Vec::with_capacity(lines.len());
    for (at, Written { line, quantity }) in lines.into_iter().enumerate() {
        let wrong = |field: &str, what: &str| Violations::one(format!("/lines/{at}/{field}"), what);
        let line = line.ok_or_else(|| wrong("line", "is required"))?;
        let quantity = quantity.ok_or_else(|| wrong("quantity", "is required"))?;
        if pieces.iter().any(|other| other.line == line) {
            return Err(wrong("line", "is there twice: credit all of it at once"));
        }
        pieces.push(Pieces { line, quantity });
    }
    Ok(pieces)
}

impl Credits {
    /// What is left of each line, without those of which nothing is.
    pub(crate) fn left(&self, of: &Invoice) -> Left {
        let lines = of.content().lines.iter().filter_map(|line| {
            let number: u32 = line.id.as_str().parse().ok()?;
            let quantity = line.quantity.saturating_sub(self.credited(number));
            (quantity > 0).then_some(Pieces { line: number, quantity })
        });
        Left(lines.collect())
    }

    /// With the share of a credit note, unless it has one.
    ///
    /// # Errors
    /// It is more than is left.
    pub(crate) fn reserve(
        mut self,
        order: OrderId,
        pieces: &[Pieces],
        of: &Invoice,
    ) -> Result<Self, NotCreditable> {
        if self.before(order).is_some() {
            return Ok(self);
        }
        if self.0.len() >= MAX_NOTES {
            return Err(NotCreditable::TooManyNotes);
        }
        let left = self.left(of);
        let is_left = |asked: &Pieces| {
            left.0.iter().any(|left| left.line == asked.line && asked.quantity <= left.quantity)
        };
        if pieces.is_empty() || !pieces.iter().all(is_left) {
            return Err(NotCreditable::MoreThanLeft { left });
        }
        self.0.push(Reserved { order, pieces: pieces.to_vec() });
        Ok(self)
    }

    /// Those that came before a credit note. `None`: it has no share.
    pub(crate) fn before(&self, order: OrderId) -> Option<&[Reserved]> {
        let at = self.0.iter().position(|one| one.order == order)?;
        Some(&self.0[..at])
    }

    pub(crate) fn notes(&self) -> &[Reserved] {
        &self.0
    }

    fn credited(&self, line: u32) -> u32 {
        let pieces = self.0.iter().flat_map(|one| &one.pieces);
        pieces.filter(|one| one.line == line).fold(0, |sum, one| sum.saturating_add(one.quantity))
    }
}

#[cfg(test)]
#[path = "credits_tests.rs"]
mod tests;
