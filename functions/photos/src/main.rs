//! Photos: uploaded by strangers, seen by nobody until approved. Settings, clients and the list of functions.

mod announcement;
mod app;
mod appeal;
mod blobs;
mod case;
mod case_picture;
mod cases;
mod check;
mod console;
mod console_asset;
mod console_case;
mod content_safety;
mod decision;
mod docs;
mod domain;
mod erase;
mod erase_again;
mod erasing;
mod giving_up;
mod health;
mod lease;
mod moderation;
mod openapi;
mod page;
mod photo;
mod photo_content;
mod photos;
mod pipeline;
mod problems;
mod profiles;
mod settling;
mod shown;
mod statistics;
mod store;
mod sweep;
mod uploaded;

use app::App;
use custom_handler::{Function, Handler, Settings, SettingsError, function, methods};

const PHOTO: Function = function!("photo");

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
        .problem_types("/v1/photos/docs#")
        .http(function!("photos"), methods().get(photos::get).post(photos::post))
        .http(PHOTO, methods().get(photo::get).delete(photo::delete))
        .http(function!("photo_content"), content)
        .http(function!("appeal"), methods().post(appeal::post))
        .http(function!("cases"), methods().get(cases::get))
        .http(function!("case"), methods().get(case::get))
        .http(function!("lease"), methods().put(lease::put).delete(lease::delete))
        .http(function!("decision"), methods().put(decision::put).delete(decision::delete))
        .http(function!("case_picture"), methods().get(case_picture::get))
        .http(function!("statistics"), methods().get(statistics::get))
        .http(function!("console"), console)
        .http(function!("console_case"), console_case)
        .http(function!("console_asset"), methods().get(console_asset::get))
        .event_grid(function!("uploaded"), uploaded::handle)
        .queue(function!("check"), check::handle)
        .queue(function!("erase"), erase::handle)
        .queue(function!("erase_again"), erase_again::handle)
        .timer(function!("sweep"), sweep::handle)
        .on_give_up(giving_up::keep)
        .http(function!("health"), methods().get(health::get))
        .http(function!("openapi"), methods().get(openapi::get))
        .http(function!("docs"), methods().get(docs::get))
        .unmatched(function!("unmatched"))
        .unmatched(function!("unmatched_of_profile"))
        .unmatched(function!("unmatched_moderation")))
}
