//! Sums.

use crate::{Category, Draft, InvoiceError, Kind, Line, Rate, Reason, Reference, check};
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The sums of an invoice (BG-22), each rounded to the currency's smallest unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Those of the lines, in the order of the lines.
    pub lines: Vec<LineTotal>,
    /// By category and rate, in the order of the categories and then of the rates.
    pub breakdown: Vec<VatBreakdown>,
    /// All lines without VAT (BT-106, BT-109).
    pub net: Money,
    /// The VAT of the whole breakdown (BT-110).
    pub vat: Money,
    /// Net and VAT (BT-112).
    pub gross: Money,
    /// What was paid before (BT-113).
    pub prepaid: Money,
    /// What is left to pay, or to pay back (BT-115).
    pub due: Money,
}

/// What a line comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineTotal {
    /// The line's.
    pub id: Reference,
    /// Quantity times price, rounded, less the discount; without VAT (BT-131).
    pub net: Money,
}

/// The lines of one category and rate together (BG-23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VatBreakdown {
    /// The category (BT-118).
    pub category: Category,
    /// The rate (BT-119).
    pub rate: Rate,
    /// Why there is no VAT (BT-120, BT-121).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The sum of the lines' net amounts (BT-116).
    pub taxable: Money,
    /// The VAT on it (BT-117).
    pub vat: Money,
}

impl Line {
    /// Quantity times price, rounded half up to the currency's smallest unit, before the discount.
    pub(crate) fn before_discount(&self) -> Result<Money, MoneyError> {
        self.unit_price.times(self.quantity.into())?.rounded()
    }

    fn net(&self) -> Result<Money, MoneyError> {
        let full = self.before_discount()?;
        self.discount.map_or(Ok(full), |discount| full.minus(discount))
    }
}

impl Draft {
    /// The sums: each line is rounded half up for itself, its net amounts are added up by category and rate, the VAT of
    /// each such group is rounded half up once, and all else is adding.
    ///
    /// # Errors
    /// [`InvoiceError::Wrong`] if something is missing, too much, or contradicts something else; [`InvoiceError::Sums`] if
    /// a sum has more digits than an amount can have.
    pub fn totals(&self) -> Result<Totals, InvoiceError> {
        check::draft(self)?;
        let zero = Money::zero(self.currency);
        let mut lines = Vec::with_capacity(self.lines.len());
        let mut groups: BTreeMap<(Category, Rate), (Option<&Reason>, Money)> = BTreeMap::new();
        for line in &self.lines {
            let net = line.net()?;
            lines.push(LineTotal { id: line.id.clone(), net });
            let vat = &line.vat;
            let group =
                groups.entry((vat.category, vat.rate)).or_insert((vat.reason.as_ref(), zero));
            group.1 = group.1.plus(net)?;
        }
        let mut breakdown = Vec::with_capacity(groups.len());
        for ((category, rate), (reason, taxable)) in groups {
            check::open_enough(self, category, rate, taxable)?;
            let vat = self.vat_on(taxable, category, rate)?;
            breakdown.push(VatBreakdown { category, rate, reason: reason.cloned(), taxable, vat });
        }
        let net = lines.iter().try_fold(zero, |sum, line| sum.plus(line.net))?;
        let vat = breakdown.iter().try_fold(zero, |sum, group| sum.plus(group.vat))?;
        let gross = net.plus(vat)?;
        let prepaid = self.prepaid.unwrap_or(zero);
        let due = gross.minus(prepaid)?;
        check::paid_enough(self, prepaid, due)?;
        Ok(Totals { lines, breakdown, net, vat, gross, prepaid, due })
    }

    /// In an invoice, the taxable amount times the rate. In a credit note, what the VAT on all that was open falls by.
    fn vat_on(&self, taxable: Money, category: Category, rate: Rate) -> Result<Money, MoneyError> {
        let on = |amount: Money| amount.times(rate.as_factor())?.rounded();
        let open = match &self.kind {
            Kind::Invoice => None,
            Kind::CreditNote { open, .. } => {
                open.iter().find(|open| (open.category, open.rate) == (category, rate))
            }
        };
        match open {
            None => on(taxable),
            Some(open) => on(open.taxable)?.minus(on(open.taxable.minus(taxable)?)?),
        }
    }
}
