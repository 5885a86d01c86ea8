//! A credit note as an order of its own: the steps from `invoice` on, and nothing that is delivered.

use super::{CreditOf, Order, OrderLine, Placed, Progress, Step, StepState};
use jiff::Timestamp;
use std::collections::BTreeSet;
use values::Revision;

/// What is made of a credit note.
const STEPS: [Step; 3] = [Step::Invoice, Step::Document, Step::Email];
/// And where what it gives back goes to the account that was charged.
const STEPS_ON_ACCOUNT: [Step; 4] = [Step::Invoice, Step::Capture, Step::Document, Step::Email];

impl Order {
    /// A credit note to the invoice of an order. It goes to whom the order was from.
    pub(crate) fn credit(of: &Self, credits: CreditOf, placed: Placed) -> Self {
        let progress = match of.on_account {
            Some(_) => Progress::begin(STEPS_ON_ACCOUNT, placed.at),
            None => Progress::begin(STEPS, placed.at),
        };
        let order = Self {
            id: placed.id,
            profile: placed.profile,
            placed_at: placed.at,
            fingerprint: placed.fingerprint,
            accepted: placed.accepted,
            buyer: of.buyer.clone(),
            lines: placed.lines,
            currency: placed.currency,
            credits: Some(credits),
            on_account: of.on_account.clone(),
            cancelled: None,
            progress,
            duties: BTreeSet::new(),
            invoice_number: None,
            mail: None,
            resends: 0,
            erased_at: of.erased_at,
            history: Vec::new(),
            revision: Revision::FIRST,
            origin: placed.origin,
        };
        order.with_history(placed.at, "placed", None, None, None)
    }

    /// The lines that these credits take back, with as many pieces as they take.
    pub(crate) fn lines_in(&self, credits: &CreditOf) -> Vec<OrderLine> {
        let pieces = credits.pieces.iter().filter_map(|pieces| {
            let line = self.lines.iter().find(|line| line.line == pieces.line)?;
            Some(OrderLine { quantity: pieces.quantity, ..line.clone() })
        });
        pieces.collect()
    }

    /// When the VAT falls due: when it was delivered first, or when the credit note was asked for. Whatever is done again
    /// later does not move it, so an order has one series for ever.
    pub(crate) fn tax_point(&self) -> Timestamp {
        if self.credits.is_some() {
            return self.placed_at;
        }
        let delivered = self
            .history
            .iter()
            .find(|entry| entry.what == "done" && entry.step == Some(Step::Provision));
        let since = || {
            let provision = self.progress.of(Step::Provision);
            provision.filter(|step| step.state == StepState::Done).map(|step| step.since)
        };
        delivered.map(|entry| entry.at).or_else(since).unwrap_or(self.placed_at)
    }
}
