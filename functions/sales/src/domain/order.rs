//! An order, which is the orchestrator of its own pipeline.

use super::progress::{DueStep, NotRestartable, ProblemCode, StepProblem};
use super::{
    Buyer, CreditOf, NewOrder, OnAccount, OrderId, OrderState, PayloadPath, ProfileId, Progress,
    ServiceId, Step,
};
use jiff::Timestamp;
use money::{Currency, Money, MoneyError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::{Revision, TraceOrigin};

/// Most entries of an order's history; the oldest go first.
pub(crate) const MAX_HISTORY: usize = 200;

/// What somebody ordered, at the prices of that moment, and how far it is. A message to a step only says "look": this
/// says what there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) profile: ProfileId,
    pub(crate) placed_at: Timestamp,
    /// Of the body that was sent with the order's key.
    pub(crate) fingerprint: String,
    /// Where what was ordered lies.
    pub(crate) accepted: PayloadPath,
    /// `None`: the person is erased.
    pub(crate) buyer: Option<Buyer>,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) currency: Currency,
    /// It is a credit note: what it takes back of which invoice.
    pub(crate) credits: Option<CreditOf>,
    /// `None`: the buyer pays what the invoice says.
    pub(crate) on_account: Option<OnAccount>,
    pub(crate) cancelled: Option<Cancelled>,
    pub(crate) progress: Progress,
    /// What follows from an end and is not known to be done.
    pub(crate) duties: BTreeSet<Duty>,
    /// Of its invoice, once it has one.
    pub(crate) invoice_number: Option<String>,
    /// What became of the mail that went out last.
    pub(crate) mail: Option<Mail>,
    /// How often a person had the mail sent again.
    pub(crate) resends: u32,
    /// When the person was erased whose order it is.
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) history: Vec<Happened>,
    pub(crate) revision: Revision,
    /// Where it was placed. What is done for it later, whoever has it done, belongs to that trace.
    pub(crate) origin: Option<TraceOrigin>,
}

/// So much of a service, at the price of that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderLine {
    /// From 1.
    pub(crate) line: u32,
    pub(crate) service: ServiceId,
    pub(crate) name: String,
    /// What the vendor calls it.
    pub(crate) vendor_service: String,
    pub(crate) quantity: u32,
    pub(crate) months: u32,
    /// What the vendor asks for one piece and month.
    pub(crate) purchase_price: Money,
    /// What we ask for one piece and month, without tax.
    pub(crate) unit_price: Money,
}

/// There is nothing more to be made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cancelled {
    #[serde(with = "values::moment")]
    pub(crate) at: Timestamp,
    pub(crate) because: CancelledBecause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CancelledBecause {
    /// Whoever ordered does not want it any more.
    Asked,
    /// The profile was erased before anything was bought.
    ProfileErased,
    /// Another credit note to the same invoice was first.
    CreditedAlready,
}

/// What follows from an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Duty {
    /// What the vendor took for this order is given back.
    ReleaseVendor,
    /// What is held of the buyer's account is given up.
    ReverseCharge,
    /// What steps left behind is deleted: the person is erased.
    DeletePayloads,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mail {
    /// Of the mail service; ours.
    pub(crate) operation: uuid::Uuid,
    /// `accepted`, and what the delivery reports say, as they say it.
    pub(crate) status: String,
    #[serde(with = "values::moment")]
    pub(crate) at: Timestamp,
}

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Happened {
    #[serde(with = "values::moment")]
    pub(crate) at: Timestamp,
    pub(crate) what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<Step>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attempt: Option<u32>,
    /// Which of our people did it; an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
}

/// Why an order cannot be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AlreadyProvisioned;

/// What all that is needed for an order besides its body.
pub(crate) struct Placed {
    pub(crate) id: OrderId,
    pub(crate) profile: ProfileId,
    pub(crate) fingerprint: String,
    pub(crate) at: Timestamp,
    pub(crate) accepted: PayloadPath,
    /// Of the new order's lines, in their order.
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) currency: Currency,
    pub(crate) origin: Option<TraceOrigin>,
}

impl Order {
    /// A new order that its buyer pays when the invoice is there; its first step is due.
    pub(crate) fn place(new: NewOrder, placed: Placed) -> Self {
        let order = Self {
            id: placed.id,
            profile: placed.profile,
            placed_at: placed.at,
            fingerprint: placed.fingerprint,
            accepted: placed.accepted,
            buyer: Some(new.buyer),
            lines: placed.lines,
            currency: placed.currency,
            credits: None,
            on_account: None,
            cancelled: None,
            progress: Progress::begin(Step::ON_INVOICE, placed.at),
            duties: BTreeSet::new(),
            invoice_number: None,
            mail: None,
            resends: 0,
            erased_at: None,
            history: Vec::new(),
            revision: Revision::FIRST,
            origin: placed.origin,
        };
        order.with_history(placed.at, "placed", None, None, None)
    }

    pub(crate) fn state(&self) -> OrderState {
        if self.cancelled.is_some() {
            OrderState::Cancelled
        } else if self.progress.failed().is_some() {
            OrderState::Failed
        } else if self.progress.is_complete() {
            OrderState::Fulfilled
        } else {
            OrderState::Open
        }
    }

    /// The step that is to be made now. A cancelled order has none.
    pub(crate) fn due(&self) -> Option<DueStep> {
        self.progress.due().filter(|_| self.cancelled.is_none())
    }

    /// Where what a step works from lies.
    pub(crate) fn input_of(&self, step: Step) -> PayloadPath {
        let before = self.progress.input_of(step).cloned();
        before.unwrap_or_else(|| self.accepted.clone())
    }

    /// The sum of the lines, without tax.
    ///
    /// # Errors
    /// It is more than an amount can hold.
    pub(crate) fn net(&self) -> Result<Money, MoneyError> {
        self.lines.iter().try_fold(Money::zero(self.currency), |sum, line| sum.plus(line.net()?))
    }

    /// The step succeeded. `None`: it is not the attempt that is due.
    pub(crate) fn done(mut self, of: DueStep, path: PayloadPath, now: Timestamp) -> Option<Self> {
        self.due()?;
        self.progress = self.progress.done(of, path, now)?;
        let done = self.with_history(now, "done", Some(of.step), Some(of.attempt), None);
        Some(done.forgotten().counted())
    }

    /// The step cannot be made. Where the vendor refused one line, what it took for the others is given back. `None`: it
    /// is not the attempt that is due.
    pub(crate) fn fail(mut self, of: DueStep, why: StepProblem, now: Timestamp) -> Option<Self> {
        self.due()?;
        let is_declined = why.code == ProblemCode::PaymentDeclined;
        self.progress = self.progress.fail(of, why, now)?;
        if matches!(of.step, Step::Authorise | Step::Provision) && !self.was_provisioned() {
            self.give_up_charge(is_declined);
            if of.step == Step::Provision {
                self.duties.insert(Duty::ReleaseVendor);
            }
        }
        Some(self.with_history(now, "failed", Some(of.step), Some(of.attempt), None).counted())
    }

    /// A try came to nothing; there will be another. `None`: it is not the attempt that is due.
    pub(crate) fn tried(mut self, of: DueStep, why: StepProblem, next: Timestamp) -> Option<Self> {
        self.due()?;
        self.progress = self.progress.tried(of, why, next)?;
        Some(self.counted())
    }

    /// The step's turn comes then. `None`: it is not the attempt that is due.
    pub(crate) fn postponed(mut self, of: DueStep, until: Timestamp) -> Option<Self> {
        self.due()?;
        self.progress = self.progress.postponed(of, until)?;
        Some(self.counted())
    }

    /// A step is made once more, and what follows it: from the authorisation on where what was held is given up. The mail is
    /// sent again only if `resend` says so.
    pub(crate) fn restart(
        mut self,
        from: Step,
        resend: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<Self, NotRestartable> {
        if self.cancelled.is_some() {
            return Err(NotRestartable::Cancelled);
        }
        let is_given_up = self.on_account.as_ref().is_some_and(OnAccount::is_given_up);
        let from = if is_given_up && from == Step::Provision { Step::Authorise } else { from };
        self.progress = self.progress.restart(from, now)?;
        self.on_account = self.on_account.map(OnAccount::anew);
        self.resends += u32::from(resend);
        // What is bought again is not given back: whoever gives back looks at this first.
        self.duties.remove(&Duty::ReleaseVendor);
        Ok(self.with_history(now, "restarted", Some(from), None, Some(by)).counted())
    }

    /// Nothing more is made of it. The same order if it was cancelled before.
    ///
    /// # Errors
    /// The vendor has provisioned it: licences are cancelled, and credited. Or it is a credit note, which is promised.
    pub(crate) fn cancel(
        mut self,
        because: CancelledBecause,
        now: Timestamp,
    ) -> Result<Self, AlreadyProvisioned> {
        if self.cancelled.is_some() {
            return Ok(self);
        }
        let is_promised = self.credits.is_some() && because != CancelledBecause::CreditedAlready;
        if self.was_provisioned() || is_promised {
            return Err(AlreadyProvisioned);
        }
        self.cancelled = Some(Cancelled { at: now, because });
        if self.credits.is_none() {
            self.duties.insert(Duty::ReleaseVendor);
            self.give_up_charge(false);
        }
        Ok(self.with_history(now, "cancelled", None, None, None).counted())
    }

    /// Whether the vendor has delivered all of it, in this attempt or an earlier one: from then on a person decides what is
    /// given back.
    pub(crate) fn was_provisioned(&self) -> bool {
        self.progress.of(Step::Provision).is_some_and(|step| step.path.is_some())
    }

    /// What was done for the order, as it was `seen`, is struck off.
    pub(crate) fn fulfilled(mut self, duty: Duty, seen: &Self) -> Self {
        let mut is_done = true;
        if let (Duty::ReverseCharge, Some(now), Some(seen)) =
            (duty, &mut self.on_account, &seen.on_account)
        {
            *now = now.reversed_as(seen);
            is_done = now.to_reverse().next().is_none();
        }
        if is_done && self.duties.remove(&duty) { self.counted() } else { self }
    }

    /// Nothing comes of what is held. Of what was declined nothing is.
    fn give_up_charge(&mut self, is_declined: bool) {
        let Some(on_account) = &mut self.on_account else { return };
        on_account.give_up(is_declined);
        if on_account.to_reverse().next().is_some() {
            self.duties.insert(Duty::ReverseCharge);
        }
    }

    /// Whether somebody has to look at it again.
    pub(crate) fn is_watched(&self) -> bool {
        self.due().is_some() || !self.duties.is_empty()
    }

    /// Of a person who is erased nothing is kept but what the law wants: the invoice has the buyer, and what steps left
    /// behind is for steps that are to come.
    pub(super) fn forgotten(mut self) -> Self {
        if self.erased_at.is_none() {
            return self;
        }
        let is_written = self.cancelled.is_some() || self.progress.is_done(Step::Invoice);
        self.buyer = self.buyer.filter(|_| !is_written);
        if matches!(self.state(), OrderState::Fulfilled | OrderState::Cancelled) {
            self.duties.insert(Duty::DeletePayloads);
        }
        self
    }

    pub(super) fn counted(mut self) -> Self {
        self.revision = self.revision.next();
        self
    }

    pub(super) fn with_history(
        mut self,
        at: Timestamp,
        what: &str,
        step: Option<Step>,
        attempt: Option<u32>,
        by: Option<&str>,
    ) -> Self {
        let by = by.map(str::to_owned);
        self.history.push(Happened { at, what: what.to_owned(), step, attempt, by });
        let surplus = self.history.len().saturating_sub(MAX_HISTORY);
        self.history.drain(..surplus);
        self
    }
}

impl OrderLine {
    /// What the line costs, without tax.
    ///
    /// # Errors
    /// It is more than an amount can hold.
    pub(crate) fn net(&self) -> Result<Money, MoneyError> {
        let pieces = Decimal::from(self.quantity) * Decimal::from(self.months);
        self.unit_price.times(pieces)?.rounded()
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
pub(super) mod tests;
