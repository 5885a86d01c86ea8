//! Companies' card accounts: a ledger, and the card network's questions and facts. The list of functions.

mod app;
mod domain;
mod functions;
mod network;
mod problems;
mod store;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    account, accounts, authorisation, card, card_freeze, cards, limit, network_event, overview,
    transactions,
};
use messages::WithDeadLetters;
use public_api::{WithContract, idempotency};

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app = App::from_settings(settings)?;
    Ok(Handler::new(Box::leak(Box::new(app)))
        .problems(problems::ALL)
        .problems(idempotency::PROBLEMS)
        .http(accounts::FUNCTION, methods().post(accounts::post))
        .http(account::FUNCTION, methods().get(account::get).patch(account::patch))
        .http(limit::FUNCTION, methods().put(limit::put))
        .http(overview::FUNCTION, methods().get(overview::get))
        .http(cards::FUNCTION, methods().get(cards::get).post(cards::post))
        .http(card::FUNCTION, methods().get(card::get))
        .http(card_freeze::FUNCTION, methods().put(card_freeze::put).delete(card_freeze::delete))
        .http(transactions::FUNCTION, methods().get(transactions::get))
        .http(authorisation::FUNCTION, methods().post(authorisation::post))
        .http(network_event::FUNCTION, methods().post(network_event::post))
        .dead_letters(functions::DEAD_LETTERS, [])
        .contract(functions::CONTRACT))
}
