//! A step of a purchase as the platform is told of it.

use serde_json::{Map, Value, json};

use super::pan;
use crate::{
    minor::Money,
    plan::{Plan, What},
};

/// The platform's routes.
const AUTHORISATIONS: &str = "/accounts/v1/network/authorisations";
const EVENTS: &str = "/accounts/v1/network/events";
/// A card that nobody has.
const NOBODY: &str = "tok_nobody_has_this_card";

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) path: &'static str,
    pub(super) body: Value,
}

impl Message {
    pub(super) fn of(plan: &Plan, index: usize, prefix: &str) -> Self {
        let what = &plan.steps[index].what;
        let mut body = Map::new();
        body.insert("id".to_owned(), id(plan, index, prefix).into());
        body.insert("card".to_owned(), plan.card.token.clone().into());
        let path = match what {
            What::Ask { .. } | What::Increase { .. } => AUTHORISATIONS,
            _ => EVENTS,
        };
        if let Some(amount) = amount(what) {
            body.insert("amount".to_owned(), json!(Money::of(amount, &plan.card.currency)));
        }
        if let Some(kind) = kind(what) {
            body.insert("kind".to_owned(), kind.into());
        }
        let authorisation = plan.asks().map(|ask| id(plan, ask, prefix));
        match (what, authorisation) {
            (What::Ask { .. } | What::Activate { .. }, _) | (_, None) => {}
            (What::Increase { .. }, Some(of)) => {
                drop(body.insert("incrementOf".to_owned(), of.into()))
            }
            (_, Some(of)) => drop(body.insert("authorisation".to_owned(), of.into())),
        }
        if let What::Capture { last, .. } = what {
            body.insert("last".to_owned(), (*last).into());
        }
        if !matches!(what, What::Activate { .. }) {
            body.insert("merchant".to_owned(), merchant(plan));
        }
        Self { path, body: Value::Object(body) }
    }

    /// The same about a card that nobody has.
    pub(super) fn of_nobody(&self) -> Self {
        let mut body = self.body.clone();
        body["card"] = NOBODY.into();
        Self { path: self.path, body }
    }

    /// What somebody else would like us to have said: if it were taken, the books would differ.
    pub(super) fn forged(&self) -> Self {
        let mut body = self.body.clone();
        let id = body["id"].as_str().unwrap_or_default();
        let shortened: String = id.chars().take(50).collect();
        body["id"] = format!("{shortened}-forged").into();
        Self { path: self.path, body }
    }
}

/// The id of a plan's authorisation.
pub(crate) fn authorisation_id(plan: &Plan, prefix: &str) -> Option<String> {
    plan.asks().map(|ask| id(plan, ask, prefix))
}

fn id(plan: &Plan, index: usize, prefix: &str) -> String {
    if let What::Activate { id } = &plan.steps[index].what {
        return id.clone();
    }
    let number = plan.number;
    match plan.pan_in_ids {
        Some(place) => format!("{prefix}-{number}x{index}-{}", pan::in_an_id(place)),
        None => format!("{prefix}-{number}x{index}"),
    }
}

fn merchant(plan: &Plan) -> Value {
    let shop = &plan.shop;
    let name = match shop.pan {
        Some(place) => format!("{} {} ref", shop.name, pan::offered(place)),
        None => shop.name.clone(),
    };
    json!({"name": name, "category": shop.category})
}

fn amount(what: &What) -> Option<i64> {
    match what {
        What::Ask { amount }
        | What::Increase { amount }
        | What::Advise { amount }
        | What::Capture { amount, .. }
        | What::Refund { amount }
        | What::ChargeBack { amount } => Some(*amount),
        What::Reverse { amount } => *amount,
        What::Expire | What::Activate { .. } => None,
    }
}

fn kind(what: &What) -> Option<&'static str> {
    Some(match what {
        What::Ask { .. } | What::Increase { .. } => return None,
        What::Advise { .. } => "advice",
        What::Capture { .. } => "capture",
        What::Reverse { .. } => "reversal",
        What::Expire => "expiry",
        What::Refund { .. } => "refund",
        What::ChargeBack { .. } => "chargeback",
        What::Activate { .. } => "activated",
    })
}
