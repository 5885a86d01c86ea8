//! `accounts/v1/accounts/{accountId}/charges/{chargeId}/refunds/{refundId}`

use super::{account, charge};
use crate::app::App;
use crate::domain::{ChargeOrder, NetworkId, parse_amount};
use custom_handler::{Function, Problem, Request, Response, function};
use public_api::problems::invalid_body;

pub(crate) const FUNCTION: Function = function!();

/// PUT: gives back of what was captured, never more than is left of it. The same again changes nothing.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, charge) = charge::of(&request)?;
    let refund = NetworkId::of_refund(request.param("refundId")?);
    let currency = account::read(app, id).await?.currency;
    let amount = parse_amount(&request.json_value()?, currency).map_err(invalid_body)?;
    charge::order(app, (id, charge), &ChargeOrder::Refund { id: refund, amount }).await
}
