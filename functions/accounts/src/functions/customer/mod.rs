//! `accounts/v1/customers/{customerId}`

use super::account;
use crate::app::App;
use crate::domain::{Company, Customer, CustomerId, Person};
use crate::problems;
use crate::views::CustomerView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::{invalid_body, not_changed, unavailable};
use public_api::versions;
use serde_json::json;

pub(crate) const FUNCTION: Function = function!();

/// GET: the customer; of one who was erased, that they were.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let customer = read(app, of(&request)?).await?;
    Ok(versions::current(&CustomerView::from(&customer)).cache_control("no-store"))
}

/// PATCH: merges the body (RFC 7396) into the company, if `If-Match` names the current version.
pub(crate) async fn patch(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let (id, expected) = (of(&request)?, request.if_match()?);
    let patch = request.merge_patch()?;
    let changed = app.customers.change(id, |customer| {
        versions::check(&CustomerView::from(&customer), &expected)?;
        let person = customer.person.clone().ok_or_else(problems::customer_erased)?;
        let company = versions::merged(&json!({"company": person.company}), &patch);
        let company = Company::parse(&company).map_err(invalid_body)?;
        if company == person.company {
            return Ok(customer);
        }
        Ok(Customer { person: Some(Person { company, ..person }), ..customer }.revised())
    });
    let customer = changed.await.map_err(|error| not_changed(error, |problem| problem))?;
    let customer = customer.ok_or_else(|| problems::no_such_customer(id))?;
    Ok(versions::current(&CustomerView::from(&customer)))
}

pub(crate) fn of(request: &Request) -> Result<CustomerId, Problem> {
    request.param("customerId")
}

pub(crate) fn url(id: CustomerId) -> String {
    FUNCTION.url(&[("customerId", &id.to_string())])
}

pub(crate) async fn read(app: &App, id: CustomerId) -> Result<Customer, Problem> {
    let customer = app.customers.read(id).await.map_err(unavailable)?;
    customer.ok_or_else(|| problems::no_such_customer(id))
}
