//! A link on which a client sends events.

use std::sync::Arc;

use fe2o3_amqp::{
    Receiver,
    link::delivery::Delivery,
    types::{messaging::Body, primitives::Value},
};

use super::{Broker, condition, events, wire::Wire};
use crate::{
    Fault,
    event_hubs::{
        event::NewEvent,
        hub::{Destination, Hub},
        refusal::Refusal,
    },
};

/// Where a link sends to.
pub(super) struct Target {
    pub(super) name: String,
    pub(super) hub: Arc<Hub>,
    pub(super) partition: Option<String>,
}

/// Takes what comes until the link ends, each message to its end before the next.
pub(super) async fn take(mut link: Receiver, target: Target, broker: Arc<Broker>, wire: Wire) {
    loop {
        let delivery = match link.recv::<Body<Value>>().await {
            Ok(delivery) => delivery,
            Err(error) => {
                tracing::debug!(%error, "a link of a sender ended");
                break;
            }
        };
        match accept(&broker, &target, &delivery).await {
            Taken::Kept => {
                if let Err(error) = link.accept(&delivery).await {
                    tracing::debug!(%error, "a sender did not wait for its answer");
                }
            }
            Taken::Refused(refusal) => {
                if let Err(error) = link.reject(&delivery, condition::error(&refusal)).await {
                    tracing::debug!(%error, "a sender did not wait for its refusal");
                }
            }
            Taken::Silent => {
                wire.cut();
                return;
            }
        }
    }
    // The peer may have closed it already.
    let _ = link.close().await;
}

enum Taken {
    Kept,
    Refused(Refusal),
    /// The connection breaks, and nothing is said.
    Silent,
}

async fn accept(broker: &Broker, target: &Target, delivery: &Delivery<Body<Value>>) -> Taken {
    let events = events::of_message(delivery.message().clone(), *delivery.message_format());
    let chosen = events.and_then(|events| Ok((choose(target, &events)?, events)));
    let (partition, events) = match chosen {
        Ok(chosen) => chosen,
        Err(refusal) => return Taken::Refused(refusal),
    };
    let fault = broker.hubs.fault(&target.name, partition);
    match &fault {
        Some(Fault::Disconnect) => return Taken::Silent,
        Some(Fault::Delay(by)) => tokio::time::sleep(*by).await,
        Some(Fault::Hold(gate)) => gate.pass().await,
        Some(fault) => {
            if let Some(refusal) = Refusal::of_fault(fault) {
                return Taken::Refused(refusal);
            }
        }
        None => {}
    }
    if let Err(refusal) = target.hub.append(partition, broker.hubs.clock.now(), events) {
        return Taken::Refused(refusal);
    }
    match &fault {
        Some(Fault::LoseAnswer) => return Taken::Silent,
        Some(Fault::HoldAnswer(gate)) => gate.pass().await,
        _ => {}
    }
    Taken::Kept
}

fn choose(target: &Target, events: &[NewEvent]) -> Result<u32, Refusal> {
    let key = events.first().and_then(|event| event.partition_key.clone());
    let destination = match (&target.partition, key) {
        (Some(partition), _) => Destination::Partition(partition.clone()),
        (None, Some(key)) => Destination::Key(key),
        (None, None) => Destination::Anywhere,
    };
    target.hub.choose(&destination)
}
