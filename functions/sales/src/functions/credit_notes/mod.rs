//! `v1/invoices/{number}/credit-notes`

use crate::app::App;
use crate::domain::{
    CancelledBecause, CreditOf, Issued, IssuedKind, NewCredit, NotCreditable, Order, OrderId,
    PayloadPath, Placed,
};
use crate::functions::{invoice, orders};
use crate::{crediting, problems};
use azure_data::ChangeError;
use custom_handler::{Function, Problem, Request, Response, function};
use messages::origin_here;
use public_api::Caller;
use public_api::idempotency::fingerprint;
use public_api::problems::{invalid_body, not_changed, not_written, unavailable};
use uuid::Uuid;

pub(crate) const FUNCTION: Function = function!();

/// POST: takes back an invoice, or pieces of it. 202 with where to ask how far the credit note is: it is an order whose
/// steps begin with its number. The same request is the same credit note for ever.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let issued = invoice::find(app, &request).await?;
    if !app.owners.allows_all(&Caller::of(&request)) {
        return Err(problems::credit_not_allowed());
    }
    let key = request.idempotency_key()?.ok_or_else(problems::key_missing)?;
    let body = request.json_value()?;
    let new = NewCredit::parse(&body).map_err(invalid_body)?;
    if issued.kind() == IssuedKind::CreditNote {
        return Err(problems::credit_of_credit(issued.number()));
    }
    let id = OrderId::of_credit(issued.number(), key.as_str());
    let fingerprint = fingerprint(&body.to_string());
    let note = match app.orders.read(id).await.map_err(unavailable)? {
        Some(there) => there,
        None => begin(app, &issued, id, &fingerprint, new).await?,
    };
    if note.fingerprint != fingerprint {
        return Err(problems::key_reused());
    }
    share(app, &issued, &note).await?;
    orders::repeated(app, note, &fingerprint).await
}

/// What cannot be credited is said before anything is written.
async fn begin(
    app: &App,
    issued: &Issued,
    id: OrderId,
    fingerprint: &str,
    new: NewCredit,
) -> Result<Order, Problem> {
    let credits = app.credits.read(issued.number()).await.map_err(unavailable)?;
    let pieces = new.pieces.unwrap_or_else(|| credits.left(&issued.invoice).0);
    let could = credits.reserve(id, &pieces, &issued.invoice);
    could.map_err(|why| problems::credited_already(&why))?;
    let of = app.orders.read(issued.order).await.map_err(unavailable)?;
    let of = of.ok_or_else(|| problems::no_such_order(issued.order))?;
    let credit = CreditOf { invoice: issued.number().clone(), pieces, reason: new.reason };
    let placed = Placed {
        id,
        profile: of.profile,
        fingerprint: fingerprint.to_owned(),
        at: app.clock.now(),
        accepted: PayloadPath::accepted(id, Uuid::now_v7()),
        lines: of.lines_in(&credit),
        currency: of.currency,
        origin: Some(origin_here()),
    };
    let note = Order::credit(&of, credit, placed);
    orders::keep_payload(app, &note).await?;
    app.orders.begin(&note).await.map_err(not_written)
}

/// Another credit note may have been faster: then this one is none.
async fn share(app: &App, issued: &Issued, note: &Order) -> Result<(), Problem> {
    let Some(credits) = &note.credits else { return Err(problems::key_reused()) };
    let reserved = match note.cancelled {
        None => crediting::reserve(app, note.id, credits, issued).await,
        Some(_) => {
            let credits = app.credits.read(issued.number()).await.map_err(unavailable)?;
            let left = credits.left(&issued.invoice);
            Err(ChangeError::Refused(NotCreditable::MoreThanLeft { left }))
        }
    };
    if let Err(ChangeError::Refused(_)) = &reserved {
        let now = app.clock.now();
        let cancel = |order: Order| order.cancel(CancelledBecause::CreditedAlready, now);
        let cancelled = app.orders.change(note.id, cancel).await;
        cancelled.map_err(|error| not_changed(error, |_| problems::not_cancellable()))?;
    }
    reserved.map(drop).map_err(|error| not_changed(error, |why| problems::credited_already(&why)))
}
