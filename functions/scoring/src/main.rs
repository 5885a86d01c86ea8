//! The sums behind a credit score: a job in, a result out, and nothing kept. The list of functions.

mod answers;
mod app;
mod cores;
mod domain;
mod functions;
mod job;
#[cfg(test)]
#[path = "../tests/people/mod.rs"]
mod people;
mod scoring;
mod unreadable;

use app::App;
use custom_handler::{Handler, Settings, SettingsError};
use functions::{compute, poison_queues};
use public_api::WithContract;

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    Ok(Handler::new(Box::leak(Box::new(App::from_settings(settings)?)))
        .queue(compute::FUNCTION, compute::handle)
        .timer(poison_queues::FUNCTION, poison_queues::handle)
        .on_give_up(unreadable::tell)
        .contract(functions::CONTRACT))
}
