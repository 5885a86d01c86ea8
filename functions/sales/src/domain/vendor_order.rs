//! An order at the vendor: what it delivers for one line.

use super::{OrderId, OrderLine, ProblemCode, StepProblem};
use jiff::Timestamp;
use money::Money;
use std::fmt;
use std::str::FromStr;

/// What the vendor says of an order; it is the truth about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VendorOrder {
    /// The vendor's.
    pub(crate) id: String,
    /// What it was ordered as. Not a [`VendorReference`] if it is not one of ours.
    pub(crate) reference: String,
    /// What the vendor calls it.
    pub(crate) service: String,
    pub(crate) quantity: u32,
    pub(crate) unit_price: Money,
    pub(crate) state: VendorState,
    pub(crate) valid_to: Timestamp,
    /// Counts its changes.
    pub(crate) revision: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VendorState {
    /// It is taken; its licence is not good for anything yet.
    Activating,
    Active,
    Cancelled,
}

/// What a line is ordered as, always the same in a round: by it the vendor and we know an order again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VendorReference {
    pub(crate) order: OrderId,
    pub(crate) line: u32,
    /// From 1: what was given back is not ordered again under the reference that it had.
    pub(crate) round: u32,
}

impl fmt::Display for VendorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { order, line, round } = self;
        write!(f, "{order}-{line}")?;
        if *round > 1 { write!(f, ".{round}") } else { Ok(()) }
    }
}

impl FromStr for VendorReference {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const NOT_OURS: &str = "must be an order's id, a hyphen and the number of a line";
        let (order, rest) = text.rsplit_once('-').ok_or(NOT_OURS)?;
        let (line, round) = rest.split_once('.').unwrap_or((rest, "1"));
        let number = |text: &str| text.parse::<u32>().map_err(|_| NOT_OURS);
        let order = order.parse().map_err(|_| NOT_OURS)?;
        let reference = Self { order, line: number(line)?, round: number(round)? };
        if reference.to_string() == text { Ok(reference) } else { Err(NOT_OURS) }
    }
}

impl VendorOrder {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.state == VendorState::Cancelled
    }

    /// Whether it is what a line wants, at the price that was agreed.
    ///
    /// # Errors
    /// What is wrong with it: nobody is to pay for something else than they ordered.
    pub(crate) fn fits(&self, line: &OrderLine) -> Result<(), StepProblem> {
        let wrong = |code, detail: String| Err(StepProblem { code, detail });
        let Self { service, quantity, unit_price: price, .. } = self;
        let (number, agreed) = (line.line, line.purchase_price);
        if *service != line.vendor_service {
            let detail =
                format!("line {number}: the vendor delivers {service}, which was not ordered");
            return wrong(ProblemCode::AnswerUnusable, detail);
        }
        if price.currency() != agreed.currency() {
            let detail = format!("line {number}: the vendor asks for {price}, agreed are {agreed}");
            return wrong(ProblemCode::AnswerUnusable, detail);
        }
        if *price != agreed {
            return Err(StepProblem::price_changed(line, *price));
        }
        if *quantity != line.quantity {
            let wanted = line.quantity;
            let detail = format!("line {number}: the vendor has {quantity} of {wanted} pieces");
            return wrong(ProblemCode::OutOfStock, detail);
        }
        Ok(())
    }
}

impl StepProblem {
    /// The vendor asks for another price than the one that was agreed.
    pub(crate) fn price_changed(line: &OrderLine, price: Money) -> Self {
        let (number, service, agreed) = (line.line, &line.service, line.purchase_price);
        let detail =
            format!("line {number}: {service} was {agreed} and is {price} now: order anew");
        Self { code: ProblemCode::PriceChanged, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ProfileId;
    use pretty_assertions::assert_eq;
    use uuid::Uuid;

    #[test]
    fn a_reference_is_read_as_it_is_written_and_no_other_text_is_one() {
        let order = OrderId::of(ProfileId::from(Uuid::nil()), "key");
        for (line, round, end) in [(1, 1, "-1"), (10, 2, "-10.2")] {
            let reference = VendorReference { order, line, round };
            assert_eq!(reference.to_string(), format!("{order}{end}"));
            assert_eq!(reference.to_string().parse(), Ok(reference));
        }
        for other in
            ["", "1", "-1", &format!("{order}-"), &format!("{order}-01"), &format!("{order}-1.1")]
        {
            assert!(other.parse::<VendorReference>().is_err(), "{other}");
        }
    }

    #[test]
    fn what_was_not_ordered_like_this_is_refused_with_its_reason() {
        let price = |text: &str| text.parse::<Money>().unwrap();
        let line = OrderLine {
            line: 2,
            service: "night-watch".parse().unwrap(),
            name: "Night watch".into(),
            vendor_service: "vend-night-watch".into(),
            quantity: 4,
            months: 1,
            purchase_price: price("8.00 EUR"),
            unit_price: price("9.00 EUR"),
        };
        let right = VendorOrder {
            id: "vo-1".into(),
            reference: "r".into(),
            service: "vend-night-watch".into(),
            quantity: 4,
            unit_price: price("8 EUR"),
            state: VendorState::Active,
            valid_to: Timestamp::UNIX_EPOCH,
            revision: 1,
        };
        assert_eq!(right.fits(&line), Ok(()));
        for (change, code, says) in [
            (VendorOrder { quantity: 2, ..right.clone() }, ProblemCode::OutOfStock, "2 of 4"),
            (
                VendorOrder { unit_price: price("8 USD"), ..right.clone() },
                ProblemCode::AnswerUnusable,
                "USD",
            ),
            (
                VendorOrder { unit_price: price("8.80 EUR"), ..right.clone() },
                ProblemCode::PriceChanged,
                "8.80",
            ),
            (
                VendorOrder { service: "other".into(), ..right },
                ProblemCode::AnswerUnusable,
                "other",
            ),
        ] {
            let problem = change.fits(&line).unwrap_err();
            assert_eq!(problem.code, code);
            assert!(
                problem.detail.contains(says) && problem.detail.contains("line 2"),
                "{}",
                problem.detail
            );
        }
    }
}
