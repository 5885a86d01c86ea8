//! Azure Event Hubs: partitioned, durable logs. Events are published over HTTP or AMQP and read over AMQP by the official
//! SDKs, or over HTTP by what runs on this machine (`rest/local.rs`).
//!
//! A hub is declared, with its number of partitions; sending to one that was not is refused, as in Azure.

mod amqp;
mod authorization;
mod capture;
mod event;
mod hub;
mod namespace;
mod partition;
mod partition_key;
mod position;
mod property;
mod record;
mod refusal;
mod rest;
mod restore;

use std::sync::Arc;

use tokio::{net::TcpListener, sync::watch};

pub(crate) use self::{amqp::bind as bind_amqp, namespace::EventHubs};
pub use authorization::{EVENT_HUBS_KEY, event_hubs_connection_string};
pub use capture::{CaptureEvent, CaptureEvents};
pub use event::HubEvent;
pub use position::{Position, PositionError};
pub use property::Property;

/// Serves on the listeners for HTTP and for AMQP, captures events and forgets those that are over, until `stopping` turns
/// true.
pub(crate) async fn serve(
    (http, amqp): (TcpListener, TcpListener),
    hubs: Arc<EventHubs>,
    stopping: watch::Receiver<bool>,
) {
    tokio::join!(
        rest::serve(http, Arc::clone(&hubs), stopping.clone()),
        amqp::serve(amqp, Arc::clone(&hubs), stopping.clone()),
        capture::run(Arc::clone(&hubs), stopping.clone()),
        namespace::run(hubs, stopping),
    );
}

/// The header in which a read says where the next one begins.
pub const NEXT_SEQUENCE_NUMBER: &str = "iommi-next-sequence-number";
