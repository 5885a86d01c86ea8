//! Purchases by hand: somebody holds a card to a till, and what comes of it.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use simulator_shell::{StatusCode, reply};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{Answer, Console, bad, not_kept, read};
use crate::{
    minor::Money,
    plan::{Outcome, Plan, Shop, Step, UsedCard, What},
    sending::authorisation_id,
};

/// How long whoever holds the card waits: longer than the network does.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// What a processor approves by itself: 50.00.
const STAND_IN: i64 = 5_000;

/// The body of `POST /v1/simulation/tap`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Tap {
    /// The card by its token, or by the platform's id of a card that was made here.
    token: Option<String>,
    card: Option<Uuid>,
    amount: Money,
    merchant: Option<Merchant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Merchant {
    name: String,
    #[serde(default)]
    category: u16,
}

/// The body of `POST /v1/simulation/fact`: about an authorisation, or without one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Told {
    authorisation: Option<String>,
    token: Option<String>,
    card: Option<Uuid>,
    kind: Kind,
    amount: Option<Money>,
    #[serde(default)]
    last: bool,
    merchant: Option<Merchant>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Capture,
    Reversal,
    Expiry,
    Refund,
    Chargeback,
}

/// Asks the platform and waits for its answer, or the processor's: `{"authorisation", "approved", "by"}`.
pub(super) async fn tap(console: &Console, body: &[u8]) -> Answer {
    let answer = tapped(console, read(body)?).await?;
    Ok(reply::json(StatusCode::OK, &answer))
}

pub(super) async fn tapped(
    console: &Console,
    tap: Tap,
) -> Result<Value, Box<simulator_shell::Reply>> {
    let token = token(console, tap.token, tap.card)?;
    let amount = minor(&tap.amount)?;
    let (card, now) = (used(token, &tap.amount.currency), console.network.clock.now());
    let steps = vec![Step::new(0, 0, What::Ask { amount })];
    let begun = console.network.begin_one(|number| plan(number, card, tap.merchant, now, steps));
    let number = begun.map_err(not_kept)?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let plan = console.network.plan(number);
        let outcome = plan.as_ref().and_then(|plan| plan.steps.first()?.outcome);
        if let (Some(plan), Some(outcome)) = (plan, outcome) {
            let id = authorisation_id(&plan, &console.network.prefix);
            let advises = plan.steps.iter().any(|step| matches!(step.what, What::Advise { .. }));
            let by = if outcome == Outcome::Unanswered { "processor" } else { "platform" };
            let approved = outcome == Outcome::Approved || advises;
            return Ok(json!({"authorisation": id, "approved": approved, "by": by}));
        }
        sleep(LOOK_EVERY).await;
    }
    Err(Box::new(reply::problem(StatusCode::GATEWAY_TIMEOUT, "the platform has not answered yet")))
}

/// Tells the platform a fact, for as long as it takes.
pub(super) fn fact(console: &Console, body: &[u8]) -> Answer {
    let told: Told = read(body)?;
    let what = what(&told)?;
    if let Some(id) = &told.authorisation {
        let prefix = &console.network.prefix;
        let found =
            console.network.find(|plan| authorisation_id(plan, prefix).as_ref() == Some(id));
        let found = found.ok_or_else(|| bad("authorisation is none that was asked for here"))?;
        let added = console.network.go_on(found.number, |plan| {
            let last = plan.steps.iter().map(|step| step.stage).max().unwrap_or(0);
            plan.steps.push(Step::new(last.saturating_add(1), 0, what));
        });
        added.map_err(not_kept)?;
        return Ok(accepted());
    }
    let token = token(console, told.token, told.card)?;
    let currency = told.amount.as_ref().map(|money| money.currency.clone());
    let currency = currency.ok_or_else(|| bad("without an authorisation there is an amount"))?;
    let (card, now) = (used(token, &currency), console.network.clock.now());
    let steps = vec![Step::new(0, 0, what)];
    let begun = console.network.begin_one(|number| plan(number, card, told.merchant, now, steps));
    begun.map_err(not_kept)?;
    Ok(accepted())
}

fn what(told: &Told) -> Result<What, Box<simulator_shell::Reply>> {
    let amount = told.amount.as_ref().map(minor).transpose()?;
    let needed = || amount.ok_or_else(|| bad("amount is required"));
    Ok(match told.kind {
        Kind::Capture => What::Capture { amount: needed()?, last: told.last },
        Kind::Reversal => What::Reverse { amount },
        Kind::Expiry => What::Expire,
        Kind::Refund => What::Refund { amount: needed()? },
        Kind::Chargeback => What::ChargeBack { amount: needed()? },
    })
}

fn plan(
    number: u64,
    card: UsedCard,
    merchant: Option<Merchant>,
    since: Timestamp,
    steps: Vec<Step>,
) -> Plan {
    let Merchant { name, category } =
        merchant.unwrap_or_else(|| Merchant { name: "Kiosk Nord".to_owned(), category: 5411 });
    let shop = Shop { name, category, pan: None };
    Plan {
        number,
        seed: number,
        card,
        shop,
        pan_in_ids: None,
        stand_in: STAND_IN,
        day_ms: 1_000,
        since,
        steps,
    }
}

fn used(token: String, currency: &str) -> UsedCard {
    UsedCard { token, currency: currency.to_owned(), account: None }
}

fn token(
    console: &Console,
    token: Option<String>,
    card: Option<Uuid>,
) -> Result<String, Box<simulator_shell::Reply>> {
    let made = || console.network.card(card?).map(|card| card.token);
    token
        .or_else(made)
        .ok_or_else(|| bad("token, or card by its id if it was made here, is required"))
}

fn minor(money: &Money) -> Result<i64, Box<simulator_shell::Reply>> {
    let minor = money.minor().filter(|minor| *minor > 0);
    minor.ok_or_else(|| {
        bad("amount is such as {\"amount\": \"12.50\", \"currency\": \"DKK\"}, above 0")
    })
}

fn accepted() -> simulator_shell::Reply {
    reply::json(StatusCode::ACCEPTED, &json!({}))
}
