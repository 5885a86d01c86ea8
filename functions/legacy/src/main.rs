//! The asynchronous interface to the mainframe: settings, clients and the list of functions.

mod acting;
mod app;
mod apply_acknowledgement;
mod conditional;
mod dead_letter;
mod dead_letters;
mod docs;
mod domain;
mod erasure;
mod forward_changes;
mod health;
mod keep_inbox_poison;
mod keep_outbox_poison;
mod lag;
mod letters;
mod openapi;
mod outbox;
mod page;
mod page_letter;
mod pages;
mod poison;
mod problems;
mod profile_status;
mod reconcile;
mod redrive;
mod replay;
mod resend;
mod resend_progress;
mod resend_step;
mod status;
mod store;

use app::App;
use custom_handler::{Function, Handler, Settings, SettingsError, function, methods};

const RESEND_PROGRESS: Function = function!("resend_progress");

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app: &'static App = Box::leak(Box::new(App::from_settings(settings)?));
    let editable = dead_letter::MAX_BODY_BYTES;
    Ok(Handler::new(app)
        .problem_types("/ops/v1/docs#")
        .cosmos_db(function!("forward_changes"), forward_changes::handle)
        .queue(function!("apply_acknowledgement"), apply_acknowledgement::handle)
        .queue(function!("keep_outbox_poison"), keep_outbox_poison::handle)
        .queue(function!("keep_inbox_poison"), keep_inbox_poison::handle)
        .queue(function!("resend_step"), resend_step::handle)
        .timer(function!("reconcile"), reconcile::handle)
        .on_give_up(poison::keep_given_up)
        .http(function!("dead_letters"), methods().get(dead_letters::get).post(dead_letters::post))
        .http(
            function!("dead_letter"),
            methods()
                .get(dead_letter::get)
                .put(dead_letter::put)
                .post(dead_letter::post)
                .max_body_bytes(editable),
        )
        .http(function!("resend"), methods().post(resend::post))
        .http(RESEND_PROGRESS, methods().get(resend_progress::get))
        .http(function!("status"), methods().get(status::get))
        .http(function!("profile_status"), methods().get(profile_status::get))
        .http(function!("page"), methods().get(page::get).post(page::post))
        .http(
            function!("page_letter"),
            methods().get(page_letter::get).post(page_letter::post).max_body_bytes(editable),
        )
        .http(function!("health"), methods().get(health::get))
        .http(function!("openapi"), methods().get(openapi::get))
        .http(function!("docs"), methods().get(docs::get))
        .unmatched(function!("unmatched")))
}
