//! `sales/v1/orders`

use crate::app::App;
use crate::domain::{Order, OrderState};
use crate::problems;
use crate::standing_query;
use crate::store::place_of;
use crate::views::OrderView;
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::lists::Page;
use public_api::problems::unavailable;
use serde_json::{Value, json};

pub(crate) const FUNCTION: Function = function!();

/// GET: for our own people: orders by how they stand, those that stand longest first; the failed ones unless others are
/// asked for.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (wanted, page) = standing_query::read(request.query()?, OrderState::Failed)?;
    let page = Page::of(&app.continuation, "all-orders", page)?;
    let orders = app.orders.standing(wanted, page.after.as_deref(), page.fetch()).await;
    let orders = orders.map_err(unavailable)?;
    let shown = |order: &Order| {
        let view = OrderView::of(order).map_err(problems::too_much)?;
        Ok((place_of(order), json!(view)))
    };
    let shown: Vec<(String, Value)> = orders.iter().map(shown).collect::<Result<_, Problem>>()?;
    page.answer_as(&app.continuation, shown, |(place, _)| place.clone(), |(_, view)| view)
}
