//! Customers as contacts: what they bought, what they asked for, and what became of it. The list of functions.

mod app;
mod domain;
mod events;
mod figures;
mod functions;
mod problems;
mod received;
mod store;
mod told;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    DEAD_LETTERS, accounts, changes, contact, kafka_accounts, look_after, quote, replayed, sales,
};
use messages::{WithDeadLetters, again};
use public_api::WithContract;

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app = App::from_settings(settings)?;
    Ok(Handler::new(Box::leak(Box::new(app)))
        .problems(problems::ALL)
        .http(contact::FUNCTION, methods().get(contact::get))
        .http(quote::FUNCTION, methods().put(quote::put))
        .event_hub_batch(accounts::FUNCTION, accounts::handle)
        .event_hub_batch(sales::FUNCTION, sales::handle)
        .kafka_batch(kafka_accounts::FUNCTION, kafka_accounts::handle)
        .queue(replayed::FUNCTION, replayed::handle)
        .timer(look_after::FUNCTION, look_after::handle)
        .cosmos_db(changes::FUNCTION, changes::handle)
        .dead_letters(DEAD_LETTERS, [again(replayed::FUNCTION, replayed::handle)])
        .contract(functions::CONTRACT))
}
