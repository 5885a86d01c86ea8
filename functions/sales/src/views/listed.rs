use crate::domain::{ListedOrder, OrderId, OrderState};
use jiff::Timestamp;
use money::Money;
use serde::Serialize;

/// `ListedOrder` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedOrderView {
    id: OrderId,
    #[serde(with = "values::moment")]
    placed_at: Timestamp,
    state: OrderState,
    net: Money,
    invoice_number: Option<String>,
}

impl From<ListedOrder> for ListedOrderView {
    fn from(order: ListedOrder) -> Self {
        let ListedOrder { id, placed_at, state, net, invoice_number, .. } = order;
        Self { id, placed_at, state, net, invoice_number }
    }
}
