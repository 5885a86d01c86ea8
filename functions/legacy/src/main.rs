//! The asynchronous interface to the mainframe: settings, clients and the list of functions.

mod app;
mod behind;
mod dead_letters;
mod domain;
mod erasure;
mod functions;
mod lag;
#[cfg(test)]
mod model;
mod outbox;
mod problems;
mod replay;
mod resending;
mod store;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    apply_acknowledgement, forward_changes, profile_status, reconcile, resend, resend_progress,
    resend_step, status,
};
use messages::{WithDeadLetters, again};
use public_api::WithContract;

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app: &'static App = Box::leak(Box::new(App::from_settings(settings)?));
    Ok(Handler::new(app)
        .contract(functions::CONTRACT)
        .dead_letters(
            functions::DEAD_LETTERS,
            // What the mainframe failed on, in the outbox's poison queue, becomes a letter: it has no function here.
            [
                again(apply_acknowledgement::FUNCTION, apply_acknowledgement::handle),
                again(resend_step::FUNCTION, resend_step::handle),
            ],
        )
        .problems(problems::ALL)
        .cosmos_db(forward_changes::FUNCTION, forward_changes::handle)
        .queue(apply_acknowledgement::FUNCTION, apply_acknowledgement::handle)
        .queue(resend_step::FUNCTION, resend_step::handle)
        .timer(reconcile::FUNCTION, reconcile::handle)
        .http(resend::FUNCTION, methods().post(resend::post))
        .http(resend_progress::FUNCTION, methods().get(resend_progress::get))
        .http(status::FUNCTION, methods().get(status::get))
        .http(profile_status::FUNCTION, methods().get(profile_status::get)))
}
