//! Photos: uploaded by strangers, seen by nobody until approved. Settings, clients and the list of functions.

mod app;
mod content_safety;
mod digest;
mod domain;
mod erasing;
mod figures;
mod functions;
mod giving_up;
mod lookup;
mod memory;
mod moderation;
mod page;
mod pipeline;
mod problems;
mod profiles;
mod settling;
mod store;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::*;
use messages::{WithDeadLetters as _, again};
use public_api::WithContract as _;

fn main() -> std::process::ExitCode {
    // Pictures are decoded by this program, started again.
    picture::worker::run_if_asked();
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app = App::from_settings(settings)?;
    let content = methods()
        .get(photo_content::get)
        .head(photo_content::get)
        .put(photo_content::put)
        .max_body_bytes(photo_content::MAX_BODY_BYTES);
    let console =
        methods().get(console::get).post(console::post).max_body_bytes(page::MAX_FORM_BYTES);
    let console_case = methods()
        .get(console_case::get)
        .post(console_case::post)
        .max_body_bytes(page::MAX_FORM_BYTES);
    Ok(Handler::new(Box::leak(Box::new(app)))
        .contract(CONTRACT)
        .problems(problems::ALL)
        .http(photos::FUNCTION, methods().get(photos::get).post(photos::post))
        .http(photo::FUNCTION, methods().get(photo::get).delete(photo::delete))
        .http(photo_content::FUNCTION, content)
        .http(appeal::FUNCTION, methods().post(appeal::post))
        .http(cases::FUNCTION, methods().get(cases::get))
        .http(case::FUNCTION, methods().get(case::get))
        .http(lease::FUNCTION, methods().put(lease::put).delete(lease::delete))
        .http(decision::FUNCTION, methods().put(decision::put).delete(decision::delete))
        .http(case_picture::FUNCTION, methods().get(case_picture::get))
        .http(statistics::FUNCTION, methods().get(statistics::get))
        .http(console::FUNCTION, console)
        .http(console_case::FUNCTION, console_case)
        .http(console_asset::FUNCTION, methods().get(console_asset::get))
        .event_grid(uploaded::FUNCTION, uploaded::handle)
        .queue(check::FUNCTION, check::handle)
        .queue(erase::FUNCTION, erase::handle)
        .timer(sweep::FUNCTION, sweep::handle)
        .dead_letters(
            DEAD_LETTERS,
            [
                again(check::FUNCTION, check::again),
                // A person who wants to be forgotten is not forgotten about.
                again(erase::FUNCTION, erase::handle).for_ever(),
            ],
        )
        .on_give_up(giving_up::keep))
}
