//! `accounts/v1/customers`

use super::{account, customer};
use crate::app::{Added, App};
use crate::domain::{CustomerId, Person};
use crate::problems;
use crate::views::CustomerView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::idempotency::not_repeatable;
use public_api::problems::invalid_body;
use public_api::{Caller, versions};
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// POST: adds a customer. A profile has one: the same company again is the same customer, another one is refused.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    account::not_for_persons(&request)?;
    let key = request.idempotency_key()?;
    let body = request.json_value()?;
    let person = Person::parse(&body).map_err(invalid_body)?;
    let fresh = Added { customer_id: CustomerId::from(Uuid::now_v7()), added_at: app.clock.now() };
    let Added { customer_id, added_at } = match key {
        Some(key) => {
            let caller = Caller::of(&request);
            let begun = app.added.begin(&caller, &key, &body.to_string(), fresh).await;
            begun.map_err(not_repeatable)?.record
        }
        None => fresh,
    };
    let added = app.customers.add(&person, customer_id, added_at).await;
    let added = added.map_err(problems::customer_not_added)?;
    Ok(versions::created(&CustomerView::from(&added), &customer::url(added.id)))
}
