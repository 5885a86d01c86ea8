//! Switches, letters and the book, for programs.

use serde_json::json;
use simulator_shell::{Reply, Request, StatusCode, reply};
use uuid::Uuid;

use super::{Answer, Console, bad, not_kept, read};
use crate::{
    bank::{MAX_PAYMENTS, Payment},
    cards::IssuedCard,
    plan::Run,
};

/// `GET /letters?card={cardId}`: what the letter with a card says; without a card all letters, the newest first.
pub(super) fn letters(console: &Console, request: &Request) -> Answer {
    let letter =
        |card: &IssuedCard| json!({"card": card.id, "lastFour": card.last_four, "code": card.code});
    let Some(id) = request.parameter("card") else {
        let letters: Vec<_> = console.network.cards().iter().map(letter).collect();
        return Ok(reply::json(StatusCode::OK, &json!({"letters": letters})));
    };
    let id: Uuid = id.parse().map_err(|_| bad("card is the platform's id of a card"))?;
    let card = console.network.card(id);
    let card = card.ok_or_else(|| {
        Box::new(reply::problem(StatusCode::NOT_FOUND, "no letter was sent for that card"))
    })?;
    Ok(reply::json(StatusCode::OK, &letter(&card)))
}

/// `GET /v1/book`: all cards and accounts; `?card={token}` of these cards only, several times if there are several.
pub(super) fn book(console: &Console, request: &Request) -> Answer {
    let mut book = console.network.book();
    if let Some(tokens) = request.parameter("card") {
        let tokens: Vec<&str> = tokens.split(',').collect();
        book.cards.retain(|token, _| tokens.contains(&token.as_str()));
        for token in tokens {
            book.cards.entry(token.to_owned()).or_default();
        }
    }
    Ok(reply::json(StatusCode::OK, &book))
}

/// `GET /v1/simulation`: what is to come, and what happened.
pub(super) fn status(console: &Console) -> Reply {
    reply::json(StatusCode::OK, &console.network.status())
}

/// `POST /v1/simulation/run`: purchases of these cards, from now on.
pub(super) fn run(console: &Console, body: &[u8]) -> Answer {
    let run = read::<Run>(body)?.checked().map_err(bad)?;
    let messages = console.network.begin(&run, &console.switches.faults()).map_err(not_kept)?;
    Ok(reply::json(StatusCode::ACCEPTED, &json!({"messages": messages})))
}

/// `POST /v1/bank/payments`: a file of the bank, one message a line.
pub(super) async fn payments(console: &Console, body: &[u8]) -> Answer {
    let payments: Vec<Payment> = read(body)?;
    if payments.len() > MAX_PAYMENTS {
        return Err(bad(format!("a file has at most {MAX_PAYMENTS} payments")));
    }
    let Some(bank) = &console.bank else {
        return Err(Box::new(reply::problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "there is no bank without STORAGE__queueServiceUri",
        )));
    };
    let (faults, now) = (console.switches.faults(), console.network.clock.now());
    let mut sent = Vec::new();
    for payment in &payments {
        sent.push(bank.send(payment, &faults, now).await.map_err(not_kept)?);
    }
    Ok(reply::json(StatusCode::ACCEPTED, &json!({"payments": sent})))
}
