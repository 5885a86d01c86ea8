//! What is told of orders in figures: once for each change that was stored.

use crate::domain::Order;
use custom_handler::Metric;

const ORDERS: Metric =
    Metric::counter("iommi.sales.orders", "{order}", "orders that came to stand so");
const AGE: Metric = Metric::histogram(
    "iommi.sales.order.age",
    "s",
    "from the placing of an order until a step was made for the first time",
);

/// A new order is stored.
pub(crate) fn begun(order: &Order) {
    ORDERS.add(1, &[("state", order.state().name().into())]);
}

/// The order is stored as it is `after`.
pub(crate) fn changed(before: &Order, after: &Order) {
    if after.state() != before.state() {
        ORDERS.add(1, &[("state", after.state().name().into())]);
    }
    for (step, at) in after.made_first_since(before) {
        let age = at.duration_since(after.placed_at).as_secs_f64();
        AGE.record(age.max(0.0), &[("step", step.name().into())]);
    }
}
