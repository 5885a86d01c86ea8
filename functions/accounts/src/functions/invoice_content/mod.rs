//! `accounts/v1/accounts/{accountId}/invoices/{period}/content`

use super::invoice;
use crate::app::App;
use crate::invoice_pdf;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: the statement as a PDF, to print or to send on.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (account, statement) = invoice::read(app, &request).await?;
    let customer = app.customers.read(account.customer_id).await.map_err(unavailable)?;
    let company = customer.and_then(|customer| customer.person).map(|person| person.company);
    let page = invoice_pdf::page(&statement, &account, company.as_ref());
    Ok(Response::bytes("application/pdf", page).cache_control("no-store"))
}
