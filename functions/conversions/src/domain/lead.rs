//! A lead: a contact whom somebody should talk to, and what comes of it.

use super::{ContactId, LeadId, QuoteId, SaleId, ServiceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use values::Revision;

/// How long a sale is waited for. Named to people in the contract.
const PATIENCE: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lead {
    pub(crate) id: LeadId,
    pub(crate) contact_id: ContactId,
    #[serde(flatten)]
    pub(crate) reason: Reason,
    pub(crate) state: LeadState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sale_id: Option<SaleId>,
    pub(crate) generated_at: Timestamp,
    /// What others may not know yet, the oldest first.
    pub(crate) facts: Vec<LeadFact>,
    pub(crate) revision: Revision,
}

/// What a lead comes of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Reason {
    NewAccount,
    AbandonedQuote { quote_id: QuoteId, service_id: ServiceId },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LeadState {
    Open,
    Won,
    Failed,
    /// The contact was gone before anybody heard of them: there never was a lead, and there will be none.
    Void,
}

/// Something that happened to a lead, and that others may not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LeadFact {
    /// The lead's revision by it.
    pub(crate) revision: Revision,
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) kind: LeadFactKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "lowercase")]
pub(crate) enum LeadFactKind {
    Generated,
    Failed { why: WhyFailed },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WhyFailed {
    NoSale,
    ContactGone,
}

impl Lead {
    pub(crate) fn generated(
        id: LeadId,
        contact_id: ContactId,
        reason: Reason,
        at: Timestamp,
    ) -> Self {
        let revision = Revision::FIRST;
        let facts = vec![LeadFact { revision, at, kind: LeadFactKind::Generated }];
        let state = LeadState::Open;
        Self { id, contact_id, reason, state, sale_id: None, generated_at: at, facts, revision }
    }

    /// In the place of a lead that must not come any more.
    pub(crate) fn void(id: LeadId, contact_id: ContactId, reason: Reason, at: Timestamp) -> Self {
        let lead = Self::generated(id, contact_id, reason, at);
        Self { state: LeadState::Void, facts: Vec::new(), ..lead }
    }

    /// A sale came of it, late or not. The first one counts.
    pub(crate) fn won(self, sale: SaleId) -> Self {
        match self.state {
            LeadState::Won | LeadState::Void => self,
            LeadState::Open | LeadState::Failed => Self {
                state: LeadState::Won,
                sale_id: Some(sale),
                revision: self.revision.next(),
                ..self
            },
        }
    }

    /// Time has gone on until this moment.
    pub(crate) fn passed(self, now: Timestamp) -> Self {
        match self.due_at().filter(|due| *due <= now) {
            Some(due) => self.failed(WhyFailed::NoSale, due),
            None => self,
        }
    }

    /// The contact is gone.
    pub(crate) fn abandoned(self, at: Timestamp) -> Self {
        match self.state {
            LeadState::Open => self.failed(WhyFailed::ContactGone, at),
            _ => self,
        }
    }

    fn failed(mut self, why: WhyFailed, at: Timestamp) -> Self {
        let revision = self.revision.next();
        self.facts.push(LeadFact { revision, at, kind: LeadFactKind::Failed { why } });
        Self { state: LeadState::Failed, revision, ..self }
    }

    /// When it will have failed.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let due = self.generated_at.checked_add(PATIENCE).ok();
        due.filter(|_| self.state == LeadState::Open)
    }

    /// Whether a sale of this service is most likely to come of it.
    pub(crate) fn is_about(&self, service: &ServiceId) -> bool {
        matches!(&self.reason, Reason::AbandonedQuote { service_id, .. } if service_id == service)
    }

    /// Others know its facts as far as this revision. They see no change in that.
    pub(crate) fn told(mut self, revision: Revision) -> Self {
        self.facts.retain(|fact| fact.revision > revision);
        self
    }
}
