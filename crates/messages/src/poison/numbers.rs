//! How long a poison queue is and how old, for metrics and alarms.

use super::message::Fate;
use jiff::SignedDuration;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// A message that is older than this must be heard of.
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// So must a queue with more messages than this, however young they are.
const MANY: u64 = 1_000;

/// What a run saw of one queue. Messages that rest are counted and not seen; each is seen every few minutes.
pub(super) struct Numbers<'a> {
    queue: &'a str,
    /// As long as the queue was at the beginning.
    messages: u64,
    /// In seconds; 0 if none was seen.
    oldest_s: AtomicI64,
    late: AtomicU64,
    done: AtomicU64,
    kept: AtomicU64,
    failed: AtomicU64,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(queue: &'a str, messages: u64) -> Self {
        let zero = AtomicU64::default;
        let numbers = Self {
            queue,
            messages,
            oldest_s: AtomicI64::default(),
            late: zero(),
            done: zero(),
            kept: zero(),
            failed: zero(),
        };
        if messages > MANY {
            numbers.alarm();
        }
        numbers
    }

    /// A message of this age. The first that is late is told at once.
    pub(super) fn saw(&self, age: SignedDuration) {
        self.oldest_s.fetch_max(age.as_secs(), Relaxed);
        if age > LATE_AFTER && self.late.fetch_add(1, Relaxed) == 0 {
            self.alarm();
        }
    }

    pub(super) fn became(&self, fate: Fate) {
        let count = match fate {
            Fate::Done => &self.done,
            Fate::Kept => &self.kept,
            Fate::Failed => &self.failed,
        };
        count.fetch_add(1, Relaxed);
    }

    /// One line with the numbers, which is what metrics are made of. `messages` are there at the end.
    pub(super) fn tell(&self, messages: u64) {
        tracing::info!(
            target: "metric",
            metric = "poison-queue",
            queue = self.queue,
            messages,
            oldest_s = self.oldest_s.load(Relaxed),
            late = self.late.load(Relaxed),
            done = self.done.load(Relaxed),
            kept = self.kept.load(Relaxed),
            failed = self.failed.load(Relaxed),
            "poison queue"
        );
    }

    fn alarm(&self) {
        tracing::error!(
            alarm = "poison-queue",
            queue = self.queue,
            messages = self.messages,
            oldest_s = self.oldest_s.load(Relaxed),
            "messages wait in a poison queue"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};
    use tracing::field::{Field, Visit};
    use tracing::{Event, Level, Subscriber};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

    type Line = (Level, BTreeMap<&'static str, String>);

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<Line>>>);

    struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

    impl Visit for Fields<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
            self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
        }
    }

    impl<S: Subscriber> Layer<S> for Log {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let mut fields = BTreeMap::new();
            event.record(&mut Fields(&mut fields));
            self.0.lock().unwrap().push((*event.metadata().level(), fields));
        }
    }

    fn logged(run: impl FnOnce()) -> Vec<Line> {
        let log = Log::default();
        let subscriber = tracing_subscriber::registry().with(log.clone());
        tracing::subscriber::with_default(subscriber, run);
        log.0.lock().unwrap().clone()
    }

    #[test]
    fn what_is_late_rings_once_in_a_run_before_it_is_worked_at_and_the_numbers_come_at_the_end() {
        let lines = logged(|| {
            let numbers = Numbers::new("orders-poison", 3);
            numbers.saw(SignedDuration::from_mins(15));
            numbers.saw(SignedDuration::from_mins(16));
            numbers.saw(SignedDuration::from_mins(17));
            numbers.became(Fate::Failed);
            numbers.tell(2);
        });
        let [(alarm_level, alarm), (level, metric)] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((*alarm_level, alarm["alarm"].as_str()), (Level::ERROR, "poison-queue"));
        assert_eq!((alarm["queue"].as_str(), alarm["oldest_s"].as_str()), ("orders-poison", "960"));
        assert_eq!((*level, metric["metric"].as_str()), (Level::INFO, "poison-queue"));
        let number = |name| metric[name].as_str();
        assert_eq!((number("messages"), number("oldest_s"), number("late")), ("2", "1020", "2"));
        assert_eq!((number("failed"), number("done"), number("kept")), ("1", "0", "0"));
    }

    #[test]
    fn many_messages_ring_and_a_few_young_ones_do_not() {
        let with =
            |messages| logged(|| Numbers::new("orders-poison", messages).saw(SignedDuration::ZERO));
        assert_eq!(with(MANY), []);
        let lines = with(MANY + 1);
        assert_eq!(lines[0].1["alarm"], "poison-queue");
    }
}
