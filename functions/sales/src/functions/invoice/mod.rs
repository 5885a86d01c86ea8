//! `v1/invoices/{number}`

use crate::app::App;
use crate::domain::Issued;
use crate::problems;
use crate::views::InvoiceView;
use custom_handler::{Function, Problem, Request, Response, function};
use invoice::Number;
use public_api::Caller;
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: the invoice or credit note, and what is credited of it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let issued = find(app, &request).await?;
    let credits = app.credits.read(issued.number()).await.map_err(unavailable)?;
    Ok(Response::ok(&InvoiceView::of(&issued, &credits)).cache_control("no-store"))
}

/// The invoice that a request names, if it is the caller's: of another's nobody learns whether it is there.
pub(crate) async fn find(app: &App, request: &Request) -> Result<Issued, Problem> {
    let number: Number = request.param("number")?;
    let found = app.invoices.read(&number).await.map_err(unavailable)?;
    let own = found.filter(|issued| app.owners.allows(&Caller::of(request), issued.profile));
    own.ok_or_else(|| problems::no_such_invoice(&number))
}
