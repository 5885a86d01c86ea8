//! One read of one partition: waits for events, as many as are wanted, until the host takes no more.

use std::time::Duration;

use function_json::Cardinality;
use local_data::{HubEvent, Position};
use tokio::time::Instant;

use super::delivery::Feed;
use crate::{
    Lifecycle,
    triggers::wire::{HubRead, WireError},
};

/// How long one request waits for events: less than what a client waits for an answer.
const WAIT: Duration = Duration::from_secs(10);

/// What a read came to.
#[derive(Debug)]
pub(super) enum Read {
    /// At least one.
    Events(Vec<HubEvent>),
    /// Nothing yet; the next read begins at this sequence number.
    Nothing(i64),
    /// The host drains or stops.
    Interrupted,
    /// The service failed; the same again after a while.
    Failed(WireError),
}

/// Reads from `from` on.
pub(super) async fn read(feed: &Feed, partition: &str, from: Position) -> Read {
    let mut state = feed.runner.state.clone();
    tokio::select! {
        // An error means that the host is gone.
        _ = state.wait_for(|state| *state != Lifecycle::Running) => Read::Interrupted,
        read = gathered(feed, partition, from) => read.unwrap_or_else(Read::Failed),
    }
}

/// Waits for the first event, and then, no longer than `maxWaitTime`, for `minEventBatchSize` of them.
async fn gathered(feed: &Feed, partition: &str, from: Position) -> Result<Read, WireError> {
    let options = &feed.runner.event_hubs;
    let least = match feed.trigger.cardinality {
        Cardinality::One => 1,
        Cardinality::Many => options.min_event_batch_size,
    };
    let page = page(feed, partition, from, (options.max_event_batch_size, WAIT)).await?;
    let (mut events, mut next) = (page.events, page.next);
    if events.is_empty() {
        return Ok(Read::Nothing(next));
    }
    let deadline = Instant::now() + options.max_wait_time;
    while events.len() < least {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let wanted = options.max_event_batch_size - events.len();
        let more =
            self::page(feed, partition, Position::Sequence(next), (wanted, left.min(WAIT))).await?;
        events.extend(more.events);
        next = more.next;
    }
    Ok(Read::Events(events))
}

async fn page(
    feed: &Feed,
    partition: &str,
    from: Position,
    (max, wait): (usize, Duration),
) -> Result<crate::triggers::wire::HubPage, WireError> {
    let group = &feed.trigger.consumer_group;
    feed.hub.read(HubRead { group, partition, from, max, wait }).await
}
