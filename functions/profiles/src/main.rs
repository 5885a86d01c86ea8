//! The public API for profiles, subscriptions and services: settings, clients and the list of functions.

mod announce_erasures;
mod app;
mod conditional;
mod docs;
mod domain;
mod giving_up;
mod health;
mod openapi;
mod photo_decided;
mod picture;
mod problems;
mod profile;
mod profiles;
mod register;
mod service;
mod services;
mod store;
mod subscription;
mod subscriptions;

use app::App;
use custom_handler::{Function, Handler, Settings, SettingsError, function, methods};

const PROFILE: Function = function!("profile");
const SERVICE: Function = function!("service");

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app = App::from_settings(settings)?;
    Ok(Handler::new(Box::leak(Box::new(app)))
        .problem_types("/v1/docs#")
        .http(function!("register"), methods().post(register::post))
        .http(function!("profiles"), methods().get(profiles::get))
        .http(
            PROFILE,
            methods()
                .get(profile::get)
                .put(profile::put)
                .patch(profile::patch)
                .delete(profile::delete),
        )
        .http(function!("subscriptions"), methods().get(subscriptions::get))
        .http(
            function!("subscription"),
            methods().get(subscription::get).put(subscription::put).delete(subscription::delete),
        )
        .http(function!("picture"), methods().put(picture::put).delete(picture::delete))
        .http(function!("services"), methods().get(services::get).post(services::post))
        .http(
            SERVICE,
            methods()
                .get(service::get)
                .put(service::put)
                .patch(service::patch)
                .delete(service::delete),
        )
        .queue(function!("photo_decided"), photo_decided::handle)
        .cosmos_db(function!("announce_erasures"), announce_erasures::handle)
        .on_give_up(giving_up::keep)
        .http(function!("health"), methods().get(health::get))
        .http(function!("openapi"), methods().get(openapi::get))
        .http(function!("docs"), methods().get(docs::get))
        .unmatched(function!("unmatched")))
}
