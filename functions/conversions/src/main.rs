//! Leads and sales: whom to talk to, and files of what was sold. The list of functions.

mod app;
mod domain;
mod events;
mod functions;
mod problems;
mod received;
mod store;
mod taking;
mod told;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    DEAD_LETTERS, accounts, contacts, leads, look_after, publish_files, publish_leads,
    publish_sales, replayed, sales_file, sales_file_uploaded, take_file,
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
        .http(leads::FUNCTION, methods().get(leads::get))
        .http(sales_file::FUNCTION, methods().get(sales_file::get))
        .event_grid(sales_file_uploaded::FUNCTION, sales_file_uploaded::handle)
        .queue(take_file::FUNCTION, take_file::handle)
        .event_hub_batch(accounts::FUNCTION, accounts::handle)
        .event_hub_batch(contacts::FUNCTION, contacts::handle)
        .queue(replayed::FUNCTION, replayed::handle)
        .timer(look_after::FUNCTION, look_after::handle)
        .cosmos_db(publish_leads::FUNCTION, publish_leads::handle)
        .cosmos_db(publish_sales::FUNCTION, publish_sales::handle)
        .cosmos_db(publish_files::FUNCTION, publish_files::handle)
        .dead_letters(
            DEAD_LETTERS,
            [
                again(take_file::FUNCTION, take_file::handle),
                again(replayed::FUNCTION, replayed::handle),
            ],
        )
        .contract(functions::CONTRACT))
}
