//! `contacts/v1/contacts/{contactId}/quotes/{quoteId}`

use super::contact::of_caller;
use crate::app::App;
use crate::domain::{NotAsked, QuoteId, ServiceId};
use crate::problems;
use crate::views::QuoteView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed};
use serde_json::Value;
use values::{Fields, Violations};

pub(crate) const FUNCTION: Function = function!();

/// PUT: the contact asked for a quote; the same again changes nothing.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let contact = of_caller(app, &request)?;
    let quote: QuoteId = request.param("quoteId")?;
    let service = service(&request.json_value()?).map_err(invalid_body)?;
    let now = app.clock.now();
    let asked = app.contacts.change(contact, |contact| match contact.is_known() {
        true => contact.asked(quote, service.clone(), now),
        false => Err(NotAsked::NoContact),
    });
    let refused = |why| problems::not_asked(contact, why);
    let contact = asked.await.map_err(|error| not_changed(error, refused))?;
    let asked = contact.quotes.iter().find(|known| known.id == quote);
    Ok(Response::ok(&QuoteView::from(asked.expect("it was noted"))))
}

fn service(body: &Value) -> Result<ServiceId, Violations> {
    let mut fields = Fields::of(body)?;
    let service = fields.text("serviceId", str::parse::<ServiceId>);
    fields.finish()?;
    Ok(service?)
}
