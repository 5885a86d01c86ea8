//! The events that tell others what became of an order, each with a schema in `messages/`. They are made of the order's
//! history, so that none is lost: whatever brings the order again brings the same events, with the same ids.

use crate::domain::{Fact, FactKind, Order, OrderLine};
use crate::sent::SOURCE;
use messages::{CloudEvent, EventType};
use money::MoneyError;
use serde_json::{Value, json};

const ORDERED: EventType = EventType::new("com.iommi.sales.ordered.v1");
const PROVISIONED: EventType = EventType::new("com.iommi.sales.provisioned.v1");
const INVOICED: EventType = EventType::new("com.iommi.sales.invoiced.v1");
const DELIVERED: EventType = EventType::new("com.iommi.sales.delivered.v1");
const FAILED: EventType = EventType::new("com.iommi.sales.failed.v1");
/// All of them.
pub(crate) const TYPES: &[EventType] = &[ORDERED, PROVISIONED, INVOICED, DELIVERED, FAILED];

/// # Errors
/// The order costs more than an amount can hold: none was taken that does.
pub(crate) fn event(order: &Order, fact: &Fact) -> Result<CloudEvent<Value>, MoneyError> {
    let (r#type, more) = match fact.kind {
        FactKind::Ordered => {
            (ORDERED, json!({ "net": order.net()?, "lines": lines(&order.lines) }))
        }
        FactKind::Provisioned => (PROVISIONED, json!({ "lines": lines(&order.lines) })),
        FactKind::Invoiced => {
            (INVOICED, json!({ "net": order.net()?, "invoiceNumber": order.invoice_number }))
        }
        FactKind::Delivered => (DELIVERED, json!({ "mail": fact.attempt })),
        FactKind::Failed(step) => (FAILED, json!({ "step": step, "attempt": fact.attempt })),
    };
    let mut data = json!({
        "orderId": order.id, "profileId": order.profile, "at": values::moment::text(fact.at),
    });
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    let id = format!("{}-{}", order.id, fact.name());
    Ok(CloudEvent::new(SOURCE, r#type, id, order.id.to_string(), fact.at, data))
}

fn lines(lines: &[OrderLine]) -> Value {
    let line = |line: &OrderLine| json!({ "serviceId": line.service, "quantity": line.quantity, "months": line.months });
    lines.iter().map(line).collect()
}
