//! `accounts/v1/customers/{customerId}/contact/{caseId}`

use super::customer;
use crate::app::App;
use crate::domain::{CaseId, CustomerId};
use crate::problems;
use crate::views::ContactView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: what became of what the customer wrote; not the text.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (customer_id, id): (_, CaseId) = (customer::of(&request)?, request.param("caseId")?);
    let case = app.support_cases.read(id).await.map_err(unavailable)?;
    let case = case.filter(|case| case.customer_id == customer_id);
    let case = case.ok_or_else(|| problems::no_such_case(id))?;
    Ok(Response::ok(&ContactView::from(&case)).cache_control("no-store"))
}

pub(crate) fn url(customer: CustomerId, id: CaseId) -> String {
    FUNCTION.url(&[("customerId", &customer.to_string()), ("caseId", &id.to_string())])
}
