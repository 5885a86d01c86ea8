//! The events of this app, each with a schema in `messages/`. They are made of documents, so that none is lost: whatever
//! brings a document again brings the same event, with the same id.

use crate::domain::{
    AccountId, Answer, Card, CardId, CardState, DeclineReason, Entry, EntryKind, Hold, NetworkId,
    Statement,
};
use crate::store::StoredLimit;
use jiff::Timestamp;
use messages::{CloudEvent, EventType};
use money::{Currency, Money};
use serde::Serialize;
use serde_json::{Value, json};
use values::Revision;

/// Who sends our events.
const SOURCE: &str = "/accounts";
const AUTHORISED: EventType = EventType::new("com.iommi.accounts.authorised.v1");
const DECLINED: EventType = EventType::new("com.iommi.accounts.declined.v1");
const POSTED: EventType = EventType::new("com.iommi.accounts.posted.v1");
const LIMIT_CHANGED: EventType = EventType::new("com.iommi.accounts.limit-changed.v1");
const CARD_ACTIVATED: EventType = EventType::new("com.iommi.accounts.card-activated.v1");
const STATEMENT_CLOSED: EventType = EventType::new("com.iommi.accounts.statement-closed.v1");
/// All of them.
pub(crate) const TYPES: &[EventType] =
    &[AUTHORISED, DECLINED, POSTED, LIMIT_CHANGED, CARD_ACTIVATED, STATEMENT_CLOSED];

/// messages/authorised.schema.json
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Authorised<'a> {
    account_id: AccountId,
    card_id: CardId,
    authorisation: &'a NetworkId,
    amount: Money,
}

/// messages/declined.schema.json
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Declined<'a> {
    account_id: AccountId,
    card_id: CardId,
    authorisation: &'a NetworkId,
    message: &'a NetworkId,
    reason: DeclineReason,
}

/// messages/posted.schema.json
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Posted<'a> {
    account_id: AccountId,
    entry_id: &'a NetworkId,
    kind: EntryKind,
    amount: Money,
    card_id: Option<CardId>,
    authorisation: Option<&'a NetworkId>,
    posted_at: Timestamp,
}

/// Of what a hold was answered: how large its authorisation is by now, and each request that was declined.
pub(crate) fn of_hold(
    account: AccountId,
    hold: &Hold,
    currency: Currency,
) -> Vec<CloudEvent<Value>> {
    // Both events are of cards: what a merchant of our own holds is told when it is posted.
    let Some(card_id) = hold.card_id else { return Vec::new() };
    let mut events = Vec::new();
    let asked = hold.answer.map(|answer| (&hold.id, answer));
    let more = hold.increments.iter().map(|increment| (&increment.id, increment.answer));
    let answers: Vec<(&NetworkId, Answer)> = asked.into_iter().chain(more).collect();
    if answers.iter().any(|(_, answer)| *answer == Answer::APPROVED) {
        let amount = hold.authorised.in_currency(currency);
        let data = Authorised { account_id: account, card_id, authorisation: &hold.id, amount };
        let id = format!("{}-authorised-{}", hold.id, amount.amount());
        events.push(event(AUTHORISED, account, &id, hold.asked_at, &data));
    }
    for (message, answer) in answers {
        let Answer(Some(reason)) = answer else { continue };
        let data =
            Declined { account_id: account, card_id, authorisation: &hold.id, message, reason };
        events.push(event(DECLINED, account, &format!("{message}-declined"), hold.asked_at, &data));
    }
    events
}

pub(crate) fn of_entry(entry: &Entry) -> CloudEvent<Value> {
    let data = Posted {
        account_id: entry.account_id,
        entry_id: &entry.id,
        kind: entry.kind,
        amount: entry.owed().in_currency(entry.currency),
        card_id: entry.card_id,
        authorisation: entry.authorisation.as_ref(),
        posted_at: entry.posted_at,
    };
    event(POSTED, entry.account_id, &format!("{}-posted", entry.id), entry.posted_at, &data)
}

pub(crate) fn of_limit(limit: &StoredLimit, currency: Currency) -> CloudEvent<Value> {
    let StoredLimit { account_id, revision, before, after, at } = limit;
    let shown = |amount: crate::domain::Amount| amount.in_currency(currency);
    let data = json!({
        "accountId": account_id, "before": shown(*before), "limit": shown(*after), "changedAt": at,
    });
    let mut event =
        event(LIMIT_CHANGED, *account_id, &format!("{}-limit-changed", revision.get()), *at, &data);
    event.revision = number(*revision);
    event
}

/// `written`: when this version of the card was.
pub(crate) fn of_card(card: &Card, written: Timestamp) -> Option<CloudEvent<Value>> {
    let is_in_use = matches!(card.state, CardState::Active | CardState::Frozen);
    is_in_use.then(|| {
        let (account, id) = (card.account_id, card.id);
        let data = json!({"accountId": account, "cardId": id});
        event(CARD_ACTIVATED, account, &format!("{id}-activated"), written, &data)
    })
}

pub(crate) fn of_statement(statement: &Statement) -> CloudEvent<Value> {
    let Statement { account_id: account, period, closed_at, .. } = statement;
    let shown = |amount: crate::domain::Amount| amount.in_currency(statement.currency);
    let data = json!({
        "accountId": account, "period": period, "number": statement.number,
        "closing": shown(statement.closing()), "due": shown(statement.due()),
        "dueOn": statement.due_on, "closedAt": closed_at,
    });
    event(STATEMENT_CLOSED, *account, &format!("{period}-statement-closed"), *closed_at, &data)
}

fn event(
    r#type: EventType,
    account: AccountId,
    id: &str,
    at: Timestamp,
    data: &impl Serialize,
) -> CloudEvent<Value> {
    CloudEvent::new(SOURCE, r#type, format!("{account}-{id}"), account.to_string(), at, json!(data))
}

/// A CloudEvents Integer has 32 bits.
fn number(revision: Revision) -> Option<i32> {
    i32::try_from(revision.get()).ok()
}
