//! The events that we send; each has a schema in `messages/`.

use messages::EventType;

/// Who sends them.
pub(crate) const SOURCE: &str = "/sales";
/// A step of an order is due. It has no data: `dataref` says where what it works from lies, and the order says the rest.
pub(crate) const STEP_DUE: EventType = EventType::new("com.iommi.sales.step-due.v1");
