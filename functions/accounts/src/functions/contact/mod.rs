//! `accounts/v1/customers/{customerId}/contact`

use super::{contact_case, customer};
use crate::app::{App, Written};
use crate::domain::{CaseId, Contact, CustomerId, SupportCase};
use crate::problems;
use crate::views::ContactView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::Caller;
use public_api::idempotency::not_repeatable;
use public_api::problems::{invalid_body, not_changed, unavailable};
use std::convert::Infallible;
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// POST: opens a case of customer service. With an `Idempotency-Key`, the same request is the same case for 24 hours.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let key = request.idempotency_key()?;
    let customer_id = customer::of(&request)?;
    let body = request.json_value()?;
    let contact = Contact::parse(&body).map_err(invalid_body)?;
    still_there(app, customer_id).await?;
    let fresh = Written { case_id: CaseId::from(Uuid::now_v7()), written_at: app.clock.now() };
    let Written { case_id, written_at } = match key {
        Some(key) => {
            let content = format!("{customer_id} {body}");
            let begun = app.written.begin(&Caller::of(&request), &key, &content, fresh).await;
            begun.map_err(not_repeatable)?.record
        }
        None => fresh,
    };
    let case = contact.open(case_id, customer_id, written_at);
    app.support_cases.add(&case).await.map_err(unavailable)?;
    // Whoever was erased at this moment leaves nothing written.
    if let Err(problem) = still_there(app, customer_id).await {
        let empty = |case: SupportCase| Ok::<_, Infallible>(case.without_text());
        let emptied = app.support_cases.change(case_id, empty).await;
        emptied.map_err(|error| not_changed(error, |never| match never {}))?;
        return Err(problem);
    }
    tracing::info!(case = %case_id, "a customer has written");
    Ok(Response::accepted_at(&ContactView::from(&case), contact_case::url(customer_id, case_id)))
}

async fn still_there(app: &App, id: CustomerId) -> Result<(), Problem> {
    let customer = customer::read(app, id).await?;
    customer.person.map(drop).ok_or_else(problems::customer_erased)
}
