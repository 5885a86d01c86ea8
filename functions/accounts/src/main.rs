//! Say here what it is for: the list of functions.
mod app;
mod domain;
mod functions;
mod store;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{records, work_queue};
use messages::WithDeadLetters;
use public_api::WithContract;

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    Ok(Handler::new(Box::leak(Box::new(App::from_settings(settings)?)))
        .http(records::FUNCTION, methods().get(records::get).put(records::put))
        .queue(work_queue::FUNCTION, work_queue::handle)
        .dead_letters(functions::DEAD_LETTERS)
        .contract(functions::CONTRACT))
}
