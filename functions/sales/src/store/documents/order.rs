use super::SCHEMA_VERSION;
use crate::domain::{
    Buyer, Cancelled, CreditOf, Duty, Happened, Mail, OnAccount, Order, OrderId, OrderLine,
    OrderState, PayloadPath, ProblemCode, ProfileId, Progress, Step,
};
use jiff::Timestamp;
use money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::{Revision, TraceOrigin, moment};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct OrderDocument {
    id: OrderId,
    schema_version: u32,
    profile_id: ProfileId,
    #[serde(with = "moment")]
    placed_at: Timestamp,
    fingerprint: String,
    accepted: PayloadPath,
    buyer: Option<Buyer>,
    lines: Vec<OrderLine>,
    currency: Currency,
    #[serde(default)]
    credits: Option<CreditOf>,
    #[serde(default)]
    on_account: Option<OnAccount>,
    #[serde(default)]
    cancelled: Option<Cancelled>,
    progress: Progress,
    duties: BTreeSet<Duty>,
    #[serde(default)]
    invoice_number: Option<String>,
    #[serde(default)]
    mail: Option<Mail>,
    #[serde(default)]
    resends: u32,
    #[serde(default, with = "moment::optional")]
    erased_at: Option<Timestamp>,
    history: Vec<Happened>,
    revision: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<TraceOrigin>,
    /// For queries, as are all that follow.
    state: OrderState,
    /// Whether a round has to look at it: a step is due, or it has duties.
    watched: bool,
    /// The step that is due or failed.
    at_step: Option<Step>,
    /// Since when it is there, or when its next try comes.
    #[serde(with = "moment")]
    due_at: Timestamp,
    /// Why it failed there, or is tried again.
    problem: Option<ProblemCode>,
    /// In lists: who stands longest comes first.
    place: String,
}

/// Where an order stands in lists.
pub(in crate::store) fn place(due_at: Timestamp, id: OrderId) -> String {
    format!("{} {id}", moment::text(due_at))
}

impl From<&Order> for OrderDocument {
    fn from(order: &Order) -> Self {
        let stands = order.progress.standing();
        let due_at = stands.map_or(order.placed_at, |one| one.not_before.unwrap_or(one.since));
        Self {
            id: order.id,
            schema_version: SCHEMA_VERSION,
            profile_id: order.profile,
            placed_at: order.placed_at,
            fingerprint: order.fingerprint.clone(),
            accepted: order.accepted.clone(),
            buyer: order.buyer.clone(),
            lines: order.lines.clone(),
            currency: order.currency,
            credits: order.credits.clone(),
            on_account: order.on_account.clone(),
            cancelled: order.cancelled.clone(),
            progress: order.progress.clone(),
            duties: order.duties.clone(),
            invoice_number: order.invoice_number.clone(),
            mail: order.mail.clone(),
            resends: order.resends,
            erased_at: order.erased_at,
            history: order.history.clone(),
            revision: order.revision,
            origin: order.origin.clone(),
            state: order.state(),
            watched: order.is_watched(),
            at_step: stands.map(|one| one.step),
            due_at,
            problem: stands.and_then(|one| one.problem.as_ref()).map(|problem| problem.code),
            place: place(due_at, order.id),
        }
    }
}

impl From<OrderDocument> for Order {
    fn from(document: OrderDocument) -> Self {
        Self {
            id: document.id,
            profile: document.profile_id,
            placed_at: document.placed_at,
            fingerprint: document.fingerprint,
            accepted: document.accepted,
            buyer: document.buyer,
            lines: document.lines,
            currency: document.currency,
            credits: document.credits,
            on_account: document.on_account,
            cancelled: document.cancelled,
            progress: document.progress,
            duties: document.duties,
            invoice_number: document.invoice_number,
            mail: document.mail,
            resends: document.resends,
            erased_at: document.erased_at,
            history: document.history,
            revision: document.revision,
            origin: document.origin,
        }
    }
}
