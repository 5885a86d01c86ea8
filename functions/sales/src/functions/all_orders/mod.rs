//! `sales/v1/orders`

use crate::app::App;
use crate::domain::OrderState;
use crate::problems;
use crate::standing_query;
use crate::store::place_of;
use crate::views::OrderView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use public_api::problems::unavailable;

pub(crate) const FUNCTION: Function = function!();

/// GET: for our own people: orders by how they stand, those that stand longest first; the failed ones unless others are
/// asked for.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (wanted, page) = standing_query::read(request.query()?, OrderState::Failed)?;
    let page = Page::of(&app.continuation, "all-orders", page)?;
    let orders = app.orders.standing(wanted, page.after.as_deref(), page.fetch()).await;
    let orders = orders.map_err(unavailable)?;
    for order in &orders {
        OrderView::of(order).map_err(problems::too_much)?;
    }
    page.answer_as(&app.continuation, orders, place_of, |order| {
        serde_json::json!(OrderView::of(&order).ok())
    })
}
