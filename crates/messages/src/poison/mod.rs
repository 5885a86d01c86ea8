//! Poison queues: where the host puts what a function failed on five times, and what is not in base64.
//!
//! They are read by a timer of the app and not by the host's trigger, which hands out a message of such a queue five times
//! and then, silently, no more, and one that is not in base64 never. Here each message is worked at again by the function
//! that failed on it, until that succeeds; what others wait for comes back by itself, and so does an outage end. Only what
//! cannot be worked at, for its own content or for a whole day, becomes a dead letter.

mod again;
mod drain;
mod message;
mod numbers;

use crate::DeadLetterApp;
use custom_handler::{Done, Failure, Invocation};
use drain::Drain;
use futures::future::{join, join_all};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub use again::{Again, again};

/// How often the host hands out a message (`maxDequeueCount` in host.json) before it moves it to the poison queue.
pub(crate) const MAX_DEQUEUE_COUNT: u32 = 5;
/// How long a run goes on taking messages. With the time for the last of them it ends well before the host ends it
/// (`functionTimeout`).
const MAX_RUN: Duration = Duration::from_secs(45);

/// One run: through all poison queues at the same time, so that none waits for another.
pub(crate) async fn run<A: DeadLetterApp>(
    app: &'static A,
    functions: Arc<[Again<A>]>,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let until = Instant::now() + MAX_RUN;
    let drains = app.dead_letters().poison.iter().map(|reader| {
        let again = functions.iter().find(|again| again.poison_queue == reader.name().declared());
        let drain = Drain { app, reader, again, invocation: &invocation, until };
        async move { drain.run().await }
    });
    let (drained, forgotten) = join(join_all(drains), app.dead_letters().forget(app)).await;
    // After that, and whatever became of it: what became a letter in this run is one.
    let told = app.dead_letters().tell_open().await;
    for one in drained {
        one.map_err(Failure::again)?;
    }
    let forgotten = forgotten.map_err(Failure::again)?;
    told.map_err(Failure::again)?;
    Ok(Done::nothing().log(format!("{forgotten} letters emptied")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_host_tries_as_often_as_host_json_says() {
        let host: Value = serde_json::from_str(include_str!("../../../../host.json")).unwrap();
        assert_eq!(host["extensions"]["queues"]["maxDequeueCount"], MAX_DEQUEUE_COUNT);
    }

    #[test]
    fn a_run_ends_before_the_host_ends_it() {
        let host: Value = serde_json::from_str(include_str!("../../../../host.json")).unwrap();
        assert_eq!(host["functionTimeout"], "00:05:00");
        let spare = Duration::from_secs(30);
        assert!(MAX_RUN + message::MAX_WORK + spare < Duration::from_secs(300));
    }
}
