//! What others are told of an order: facts, each once, of what stands in its history. Whatever version of the order is
//! looked at, each fact is found under the same name.

use super::Step;
use super::order::Order;
use jiff::Timestamp;

/// Something that has happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) kind: FactKind,
    pub(crate) at: Timestamp,
    /// In which attempt; of a mail, the how manieth.
    pub(crate) attempt: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactKind {
    Ordered,
    /// The vendor has delivered it.
    Provisioned,
    /// Its invoice has a number.
    Invoiced,
    /// The mail with the invoice is in the buyer's mailbox.
    Delivered,
    /// A step needs a person.
    Failed(Step),
}

impl Fact {
    /// Among the facts of the order.
    pub(crate) fn name(&self) -> String {
        let Self { kind, attempt, .. } = self;
        match kind {
            FactKind::Ordered => "ordered".to_owned(),
            FactKind::Provisioned => format!("provisioned-{attempt}"),
            FactKind::Invoiced => format!("invoiced-{attempt}"),
            FactKind::Delivered => format!("delivered-{attempt}"),
            FactKind::Failed(step) => format!("failed-{step}-{attempt}"),
        }
    }
}

impl Order {
    /// What has happened so far, as far as its history goes back.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        for entry in &self.history {
            let kind = match (entry.what.as_str(), entry.step) {
                ("placed", _) => FactKind::Ordered,
                ("done", Some(Step::Provision)) => FactKind::Provisioned,
                ("done", Some(Step::Invoice)) => FactKind::Invoiced,
                ("delivered", _) => FactKind::Delivered,
                ("failed", Some(step)) => FactKind::Failed(step),
                _ => continue,
            };
            let fact = Fact { kind, at: entry.at, attempt: entry.attempt.unwrap_or(1) };
            if !facts.iter().any(|known| known.kind == kind && known.attempt == fact.attempt) {
                facts.push(fact);
            }
        }
        facts
    }
}
