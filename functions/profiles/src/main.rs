//! The public API for profiles, subscriptions and services: settings, clients and the list of functions.

mod app;
mod domain;
mod events;
mod functions;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail loudly")]
mod model;
mod problems;
mod store;
mod told;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    announce_erasures, photo_decided, picture, profile, profiles, publish_accounts,
    publish_products, raise_revision, reconcile, register, service, services, subscription,
    subscriptions,
};
use messages::{WithDeadLetters, again};
use public_api::{WithContract, idempotency};

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app = App::from_settings(settings)?;
    Ok(Handler::new(Box::leak(Box::new(app)))
        .problems(problems::ALL)
        .problems(idempotency::PROBLEMS)
        .http(register::FUNCTION, methods().post(register::post))
        .http(profiles::FUNCTION, methods().get(profiles::get))
        .http(
            profile::FUNCTION,
            methods()
                .get(profile::get)
                .put(profile::put)
                .patch(profile::patch)
                .delete(profile::delete),
        )
        .http(subscriptions::FUNCTION, methods().get(subscriptions::get))
        .http(
            subscription::FUNCTION,
            methods().get(subscription::get).put(subscription::put).delete(subscription::delete),
        )
        .http(picture::FUNCTION, methods().put(picture::put).delete(picture::delete))
        .http(services::FUNCTION, methods().get(services::get).post(services::post))
        .http(
            service::FUNCTION,
            methods()
                .get(service::get)
                .put(service::put)
                .patch(service::patch)
                .delete(service::delete),
        )
        .queue(photo_decided::FUNCTION, photo_decided::handle)
        .queue(raise_revision::FUNCTION, raise_revision::handle)
        .cosmos_db(announce_erasures::FUNCTION, announce_erasures::handle)
        .cosmos_db(publish_accounts::FUNCTION, publish_accounts::handle)
        .cosmos_db(publish_products::FUNCTION, publish_products::handle)
        .timer(reconcile::FUNCTION, reconcile::handle)
        .dead_letters(
            functions::DEAD_LETTERS,
            [
                again(photo_decided::FUNCTION, photo_decided::handle),
                again(raise_revision::FUNCTION, raise_revision::handle),
            ],
        )
        .contract(functions::CONTRACT))
}
