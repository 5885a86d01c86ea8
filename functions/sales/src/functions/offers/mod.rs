//! `sales/v1/offers`

use crate::app::App;
use crate::problems;
use crate::views::OffersView;
use custom_handler::{Function, Problem, Request, Response, function};

pub(crate) const FUNCTION: Function = function!();

/// GET: what can be ordered, and of when the prices are.
pub(crate) async fn get(app: &App, _: Request) -> Result<Response, Problem> {
    let list = app.offers.list(&app.profiles, &app.vendor, &app.clock).await;
    let list = list.map_err(problems::no_offers)?;
    Ok(Response::ok(&OffersView::of(&list, app.clock.now())))
}
