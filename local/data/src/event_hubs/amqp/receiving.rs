//! A link on which a client reads a partition.

use std::sync::Arc;

use fe2o3_amqp::{Sender, link::delivery::Sendable};
use tokio::sync::{oneshot, watch};

use super::{
    Broker, condition, events,
    readers::{Entered, KeptOut, Seat},
};
use crate::{
    event_hubs::{hub::Hub, position::Position},
    listen,
};

/// Events read from the partition at once.
const READ_AT_ONCE: usize = 100;

/// What a link reads.
pub(super) struct Source {
    pub(super) hub: Arc<Hub>,
    pub(super) group: String,
    pub(super) partition: String,
    pub(super) from: Position,
    pub(super) epoch: Option<i64>,
    /// Whether each event says how its partition stands.
    pub(super) has_metrics: bool,
}

/// How sending came to its end.
enum End {
    Closed,
    Stolen(String),
    Refused(crate::event_hubs::refusal::Refusal),
}

/// Sends events until the link ends, somebody else takes the partition, or the service stops.
pub(super) async fn give(
    mut link: Sender,
    source: Source,
    broker: Arc<Broker>,
    stopping: watch::Receiver<bool>,
) {
    let names = [source.hub.record().name, source.group.clone(), source.partition.clone()];
    let [hub, group, partition] = names.map(|name| name.to_lowercase());
    let seat: Seat = (hub, group, partition);
    let end = match broker.readers.enter(&seat, source.epoch) {
        Ok(Entered { id, stolen }) => {
            let end = send(&mut link, &source, stolen, stopping).await;
            broker.readers.leave(&seat, id);
            end
        }
        Err(KeptOut::Stolen(why)) => End::Stolen(why),
        Err(KeptOut::Refused(refusal)) => End::Refused(refusal),
    };
    let closed = match end {
        End::Closed => link.close().await,
        End::Stolen(why) => link.close_with_error(condition::stolen(why)).await,
        End::Refused(refusal) => link.close_with_error(condition::error(&refusal)).await,
    };
    if let Err(error) = closed {
        tracing::debug!(%error, "a link of a reader was closed by both sides");
    }
}

async fn send(
    link: &mut Sender,
    source: &Source,
    mut stolen: oneshot::Receiver<String>,
    mut stopping: watch::Receiver<bool>,
) -> End {
    let partition = match source.hub.partition(&source.partition) {
        Ok((_, partition)) => partition,
        Err(refusal) => return End::Refused(refusal),
    };
    let mut appended = partition.appended();
    let mut next = partition.begin(source.from);
    loop {
        let events = match partition.read(next, READ_AT_ONCE) {
            Ok(events) => events,
            Err(refusal) => return End::Refused(refusal),
        };
        for event in &events {
            let extent = source.has_metrics.then(|| partition.extent());
            let message = events::message(event, extent.as_ref());
            // Settled: streaming readers never settle. Batchable: all fields of a transfer are written then, and the SDK
            // for Python reads them without looking how many there are.
            let sendable = Sendable::builder().message(message).settled(true).build();
            tokio::select! {
                why = &mut stolen => return End::Stolen(why.unwrap_or_default()),
                () = listen::stopped(&mut stopping) => return End::Closed,
                sent = link.send_batchable(sendable) => match sent {
                    // Nobody settles it again.
                    Ok(outcome) => drop(outcome),
                    Err(error) => {
                        tracing::debug!(%error, "a reader has gone");
                        return End::Closed;
                    }
                },
            }
            next = event.sequence_number + 1;
        }
        if !events.is_empty() {
            continue;
        }
        let reached = next;
        tokio::select! {
            why = &mut stolen => return End::Stolen(why.unwrap_or_default()),
            () = listen::stopped(&mut stopping) => return End::Closed,
            ended = link.on_detach() => {
                tracing::debug!(%ended, "a reader has closed its link");
                return End::Closed;
            }
            there = appended.wait_for(|next| *next > reached) => {
                if there.is_err() {
                    return End::Closed;
                }
            }
        }
    }
}
