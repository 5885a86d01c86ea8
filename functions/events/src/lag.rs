//! How far consumers are behind, as numbers for metrics and alarms.

use crate::app::App;
use crate::reading_apps::{self, ReadPartition, ReadingApp};
use azure_data::CosmosFailure;
use jiff::{SignedDuration, Timestamp};

/// An app and hub, all partitions together.
#[derive(Debug, PartialEq, Eq)]
struct Lag<'a> {
    /// Events that wait, at least.
    behind: u64,
    /// How long the oldest has waited.
    oldest: SignedDuration,
    /// Partitions of which it cannot be told, and why of one of them.
    unknown: usize,
    why: Option<&'a str>,
}

/// Says how far consumers are behind, in the region where that can be asked; how many of them are late.
pub(crate) async fn measure(app: &App) -> Result<usize, CosmosFailure> {
    if !app.checkpoints.are_here() {
        return Ok(0);
    }
    let consumers = reading_apps::all(app).await?;
    Ok(tell(&consumers, app.clock.now(), app.lag_alarm_after))
}

/// One line for each consumer and hub, which is what metrics are made of, and one more that alerts look for; how many of the
/// latter.
fn tell(consumers: &[ReadingApp], now: Timestamp, alarm_after: SignedDuration) -> usize {
    let mut late = 0;
    for reading in consumers {
        let Lag { behind, oldest, unknown, why } = Lag::of(reading, now);
        let (consumer, hub, oldest_s) = (&reading.app, &reading.hub, oldest.as_secs());
        tracing::info!(
            target: "metric",
            metric = "consumer-lag",
            consumer,
            hub,
            behind,
            oldest_s,
            unknown,
            "consumer lag"
        );
        if let Some(why) = why {
            tracing::warn!(consumer, hub, unknown, why, "how far a consumer is cannot be told");
        }
        if oldest > alarm_after {
            late += 1;
            tracing::error!(
                alarm = "consumer-behind",
                consumer,
                hub,
                behind,
                oldest_s,
                "events wait for a consumer"
            );
        }
    }
    late
}

impl<'a> Lag<'a> {
    fn of(reading: &'a ReadingApp, now: Timestamp) -> Self {
        let waiting = reading.partitions.iter().filter(|one| one.progress.waits_after().is_some());
        let oldest = waiting.filter_map(since).map(|since| now.duration_since(since)).max();
        let unknown = || reading.partitions.iter().filter_map(|one| one.progress.why.as_deref());
        Self {
            behind: reading.partitions.iter().filter_map(|one| one.progress.behind).sum(),
            oldest: oldest.unwrap_or_default().max(SignedDuration::ZERO),
            unknown: unknown().count(),
            why: unknown().next(),
        }
    }
}

/// Since when events wait: where it is not known, the newest of them waits since then.
fn since(one: &ReadPartition) -> Option<Timestamp> {
    one.waiting_since.or(one.captured_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Checkpoint, Progress};
    use pretty_assertions::assert_eq;

    const CAPTURED: i64 = 9;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    /// Captured in minute 50.
    fn reading(partitions: impl IntoIterator<Item = (Checkpoint, Option<i64>)>) -> ReadingApp {
        let partition =
            |(number, (checkpoint, since)): (u32, (Checkpoint, Option<i64>))| ReadPartition {
                partition: number,
                last_captured: Some(CAPTURED),
                captured_at: Some(at(50)),
                progress: Progress::of(checkpoint, Some(CAPTURED)),
                waiting_since: since.map(at),
            };
        ReadingApp {
            app: "contacts".to_owned(),
            team: "customer".to_owned(),
            hub: "account".to_owned(),
            group: "contacts".to_owned(),
            dead_letters: String::new(),
            partitions: (0..).zip(partitions).map(partition).collect(),
        }
    }

    #[test]
    fn a_consumer_is_as_late_as_the_oldest_event_that_waits_for_it() {
        let consumer = reading([
            (Checkpoint::At(CAPTURED), None),
            (Checkpoint::At(7), Some(40)),
            (Checkpoint::At(8), Some(30)),
            (Checkpoint::Never, None),
        ]);
        let lag = Lag::of(&consumer, at(60));
        assert_eq!((lag.behind, lag.unknown), (13, 0));
        assert_eq!(lag.oldest, SignedDuration::from_mins(30));
        assert_eq!(tell(std::slice::from_ref(&consumer), at(60), SignedDuration::from_mins(29)), 1);
        assert_eq!(tell(&[consumer], at(60), SignedDuration::from_mins(30)), 0);
    }

    #[test]
    fn what_is_not_known_is_counted_apart_and_is_not_zero() {
        let unknown = Checkpoint::Unknown("away".to_owned());
        let consumer = reading([(unknown, None), (Checkpoint::At(CAPTURED), None)]);
        let lag = Lag::of(&consumer, at(60));
        assert_eq!((lag.behind, lag.unknown, lag.why), (0, 1, Some("away")));
        assert_eq!(tell(&[consumer], at(60), SignedDuration::ZERO), 0);
    }

    #[test]
    fn where_it_is_not_known_since_when_the_newest_that_waits_counts() {
        let consumer = reading([(Checkpoint::At(3), None)]);
        assert_eq!(Lag::of(&consumer, at(60)).oldest, SignedDuration::from_mins(10));
    }
}
