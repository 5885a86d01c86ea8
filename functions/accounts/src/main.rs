//! Companies' card accounts: a ledger, and the card network's questions and facts. The list of functions.

mod app;
mod domain;
mod erasing;
mod events;
mod figures;
mod freshness;
mod functions;
mod invoice_pdf;
mod network;
mod problems;
mod processor;
mod received;
mod screens;
mod store;
mod trial_balance;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    account, accounts, authorisation, card, card_activation, card_freeze, card_replacement, cards,
    changes, charge, charge_capture, charge_refund, close_statements, contact, contact_case,
    customer, customers, erase_customer, expire_holds, invoice, invoice_content, invoices,
    ledger_trial_balance, limit, migrate, migration, migrations, network_event, order_card,
    overview, payments, settle_cards, settle_erasures, support_case, support_cases, sweep,
    transaction, transactions,
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
        .http(customers::FUNCTION, methods().post(customers::post))
        .http(customer::FUNCTION, methods().get(customer::get).patch(customer::patch))
        .http(contact::FUNCTION, methods().post(contact::post))
        .http(contact_case::FUNCTION, methods().get(contact_case::get))
        .http(support_cases::FUNCTION, methods().get(support_cases::get))
        .http(support_case::FUNCTION, methods().get(support_case::get).patch(support_case::patch))
        .http(accounts::FUNCTION, methods().post(accounts::post))
        .http(account::FUNCTION, methods().get(account::get).patch(account::patch))
        .http(limit::FUNCTION, methods().put(limit::put))
        .http(overview::FUNCTION, methods().get(overview::get))
        .http(cards::FUNCTION, methods().get(cards::get).post(cards::post))
        .http(card::FUNCTION, methods().get(card::get).put(card::put).patch(card::patch))
        .http(card_activation::FUNCTION, methods().put(card_activation::put))
        .http(card_replacement::FUNCTION, methods().put(card_replacement::put))
        .http(card_freeze::FUNCTION, methods().put(card_freeze::put).delete(card_freeze::delete))
        .http(charge::FUNCTION, methods().get(charge::get).put(charge::put).delete(charge::delete))
        .http(charge_capture::FUNCTION, methods().put(charge_capture::put))
        .http(charge_refund::FUNCTION, methods().put(charge_refund::put))
        .http(transactions::FUNCTION, methods().get(transactions::get))
        .http(transaction::FUNCTION, methods().get(transaction::get))
        .http(ledger_trial_balance::FUNCTION, methods().get(ledger_trial_balance::get))
        .cosmos_db(changes::FUNCTION, changes::handle)
        .http(migrations::FUNCTION, methods().post(migrations::post))
        .http(migration::FUNCTION, methods().get(migration::get))
        .queue(migrate::FUNCTION, migrate::handle)
        .timer(expire_holds::FUNCTION, expire_holds::handle)
        .timer(sweep::FUNCTION, sweep::handle)
        .http(invoices::FUNCTION, methods().get(invoices::get))
        .http(invoice::FUNCTION, methods().get(invoice::get))
        .http(invoice_content::FUNCTION, methods().get(invoice_content::get))
        .http(authorisation::FUNCTION, methods().post(authorisation::post))
        .http(network_event::FUNCTION, methods().post(network_event::post))
        .queue(order_card::FUNCTION, order_card::handle)
        .queue(erase_customer::FUNCTION, erase_customer::handle)
        .queue(payments::FUNCTION, payments::handle)
        .timer(settle_cards::FUNCTION, settle_cards::handle)
        .timer(settle_erasures::FUNCTION, settle_erasures::handle)
        .timer(close_statements::FUNCTION, close_statements::handle)
        .dead_letters(
            functions::DEAD_LETTERS,
            [
                again(order_card::FUNCTION, order_card::handle),
                again(migrate::FUNCTION, migrate::handle),
                again(erase_customer::FUNCTION, erase_customer::handle),
                again(payments::FUNCTION, payments::handle),
            ],
        )
        .contract(functions::CONTRACT))
}
