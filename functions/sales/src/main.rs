//! What customers buy, from the order to the mail with the invoice. The list of functions.

mod accounts;
mod app;
mod at_work;
mod cancelling;
mod charging;
mod crediting;
mod domain;
mod erasing;
mod figures;
mod functions;
mod hearing;
mod issuing;
mod licensing;
mod mail;
mod mailing;
mod neighbour;
mod numbering;
mod on_offer;
mod ordering;
mod pacing;
mod page;
mod pictured;
mod printing;
mod problems;
mod profiles;
mod provisioning;
mod received;
mod releasing;
mod restarting;
mod reversing;
mod seller;
mod senders;
mod sent;
mod settling;
mod standing_query;
mod steps;
mod store;
mod subscribing;
mod subscriptions;
mod tails;
mod told;
mod vendor;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    DEAD_LETTERS, all_orders, authorise, capture, changes, credit_notes, document, drive,
    email_reported, email_step, events_of_vendor, invoice, invoice_content, invoice_step, invoices,
    licence, licence_key, licences, offers, order, order_page, orders, orders_page, person_erased,
    provision, restart, restarts, subscribe, sun, verify_vendor,
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
        .http(offers::FUNCTION, methods().get(offers::get))
        .http(orders::FUNCTION, methods().get(orders::get).post(orders::post))
        .http(order::FUNCTION, methods().get(order::get).patch(order::patch).delete(order::delete))
        .queue(email_step::FUNCTION, email_step::handle)
        .event_grid(email_reported::FUNCTION, email_reported::handle)
        .queue(person_erased::FUNCTION, person_erased::handle)
        .cosmos_db(changes::FUNCTION, changes::handle)
        .http(all_orders::FUNCTION, methods().get(all_orders::get))
        .http(restart::FUNCTION, methods().post(restart::post))
        .http(restarts::FUNCTION, methods().post(restarts::post))
        .http(sun::FUNCTION, methods().get(sun::get).put(sun::put).delete(sun::delete))
        .http(orders_page::FUNCTION, methods().get(orders_page::get).post(orders_page::post))
        .http(order_page::FUNCTION, methods().get(order_page::get).post(order_page::post))
        .timer(drive::FUNCTION, drive::handle)
        .http(licences::FUNCTION, methods().get(licences::get))
        .http(
            licence::FUNCTION,
            methods().get(licence::get).patch(licence::patch).delete(licence::delete),
        )
        .http(licence_key::FUNCTION, methods().get(licence_key::get))
        .http(
            events_of_vendor::FUNCTION,
            methods()
                .post(events_of_vendor::post)
                .max_body_bytes(events_of_vendor::MAX_EVENT_BYTES),
        )
        .queue(authorise::FUNCTION, authorise::handle)
        .queue(capture::FUNCTION, capture::handle)
        .queue(provision::FUNCTION, provision::handle)
        .queue(subscribe::FUNCTION, subscribe::handle)
        .timer(verify_vendor::FUNCTION, verify_vendor::handle)
        .http(invoices::FUNCTION, methods().get(invoices::get))
        .http(invoice::FUNCTION, methods().get(invoice::get))
        .http(invoice_content::FUNCTION, methods().get(invoice_content::get))
        .http(credit_notes::FUNCTION, methods().post(credit_notes::post))
        .queue(invoice_step::FUNCTION, invoice_step::handle)
        .queue(document::FUNCTION, document::handle)
        .dead_letters(
            DEAD_LETTERS,
            [
                again(authorise::FUNCTION, authorise::handle),
                again(capture::FUNCTION, capture::handle),
                again(provision::FUNCTION, provision::handle),
                again(subscribe::FUNCTION, subscribe::handle),
                again(invoice_step::FUNCTION, invoice_step::handle),
                again(document::FUNCTION, document::handle),
                again(email_step::FUNCTION, email_step::handle),
                again(person_erased::FUNCTION, person_erased::handle),
            ],
        )
        .contract(functions::CONTRACT))
}
