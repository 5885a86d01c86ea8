//! Which events there are, all that were ever sent, and sending them again. The list of functions.

mod app;
mod avro;
mod catalogue;
mod checkpoints;
mod curating;
mod domain;
mod due;
mod erasing;
mod fingerprint;
mod functions;
mod gathering;
mod graph;
mod lag;
mod lake_reading;
mod lists;
mod page;
mod places;
mod problems;
mod reading_apps;
mod receivers;
mod replay_wish;
mod replaying;
mod sent;
mod store;
mod sweeping;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    DEAD_LETTERS, captured, catalogue_page, consumers, consumers_page, curate, erase, erasure,
    erasures, event_type, given_up, given_up_page, lake_events, lake_files, replay, replay_step,
    replays, replays_page, sweep, types,
};
use messages::{WithDeadLetters, again};
use public_api::WithContract;

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    Ok(Handler::new(Box::leak(Box::new(App::from_settings(settings)?)))
        .problems(problems::ALL)
        .http(types::FUNCTION, methods().get(types::get))
        .http(event_type::FUNCTION, methods().get(event_type::get))
        .http(lake_files::FUNCTION, methods().get(lake_files::get))
        .http(lake_events::FUNCTION, methods().get(lake_events::get))
        .http(replays::FUNCTION, methods().get(replays::get).post(replays::post))
        .http(replay::FUNCTION, methods().get(replay::get))
        .http(erasures::FUNCTION, methods().post(erasures::post))
        .http(erasure::FUNCTION, methods().get(erasure::get))
        .http(consumers::FUNCTION, methods().get(consumers::get))
        .http(given_up::FUNCTION, methods().get(given_up::get))
        .http(catalogue_page::FUNCTION, methods().get(catalogue_page::get))
        .http(replays_page::FUNCTION, methods().get(replays_page::get).post(replays_page::post))
        .http(consumers_page::FUNCTION, methods().get(consumers_page::get))
        .http(given_up_page::FUNCTION, methods().get(given_up_page::get))
        .event_grid(captured::FUNCTION, captured::handle)
        .queue(curate::FUNCTION, curate::handle)
        .queue(erase::FUNCTION, erase::handle)
        .queue(replay_step::FUNCTION, replay_step::handle)
        .timer(sweep::FUNCTION, sweep::handle)
        .dead_letters(
            DEAD_LETTERS,
            [
                again(curate::FUNCTION, curate::handle),
                again(erase::FUNCTION, erase::handle),
                again(replay_step::FUNCTION, replay_step::handle),
            ],
        )
        .contract(functions::CONTRACT))
}
