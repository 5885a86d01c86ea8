//! The page for people: letters, a till, what happened.

use askama::Template;
use serde_json::{Value, json};
use simulator_shell::{Field, Fieldset, FormView, Section, form, reply::see_other};

use super::{Answer, Console, bad, purchases};
use crate::{cards::IssuedCard, network::Status};

/// Letters that the page shows.
const MAX_SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "letters.html")]
struct Letters {
    cards: Vec<IssuedCard>,
}

#[derive(Template)]
#[template(path = "state.html")]
struct State {
    status: Status,
}

pub(super) fn sections(console: &Console) -> Vec<Section> {
    let mut cards = console.network.cards();
    cards.truncate(MAX_SHOWN);
    let now = json!({"currency": "DKK", "amount": "100.00", "name": "Kiosk Nord"});
    let till = FormView::new("/page/tap", "Hold the card to it", &till(), &now);
    vec![
        section("state", "State", &State { status: console.network.status() }),
        section("letters", "Letters with codes", &Letters { cards }),
        section("till", "A till", &till),
    ]
}

fn section(id: &'static str, title: &str, part: &impl Template) -> Section {
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "making a part of the page");
        String::new()
    });
    Section { id, title: title.to_owned(), html }
}

fn till() -> Vec<Fieldset> {
    let fields = vec![
        Field::text("card", "Card, by its id"),
        Field::text("amount", "Amount"),
        Field::text("currency", "Currency"),
        Field::text("name", "Shop"),
    ];
    vec![Fieldset::new("A purchase", fields).hint("Captured by POST /v1/simulation/fact.")]
}

/// The page's form.
pub(super) async fn tap(console: &Console, body: &[u8]) -> Answer {
    let sent: Value = form::read(&till(), body).map_err(bad)?;
    let tap = json!({
        "card": sent["card"],
        "amount": {"amount": sent["amount"], "currency": sent["currency"]},
        "merchant": {"name": sent["name"]},
    });
    let tap = serde_json::from_value(tap).map_err(|error| bad(error.to_string()))?;
    purchases::tapped(console, tap).await?;
    Ok(see_other("/"))
}
