//! One partition: an append-only log. What is appended is kept before it is acknowledged.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{
    event::{HubEvent, NewEvent},
    position::Position,
    record::{self, PartitionId, Reached},
    refusal::Refusal,
};
use crate::persistence::Persistence;

/// Events that are forgotten in one change to the data directory.
const EXPIRED_AT_ONCE: usize = 1_000;

/// A partition and what was appended to it.
#[derive(Debug)]
pub(super) struct Partition {
    id: PartitionId,
    log: Mutex<Log>,
    /// The next sequence number.
    appended: watch::Sender<i64>,
    persistence: Persistence,
}

#[derive(Debug, Default)]
struct Log {
    /// Of the oldest event that is kept, or of the next one.
    first: i64,
    marks: VecDeque<Mark>,
    reached: Option<Reached>,
}

/// What must be known of an event to find it.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) offset: i64,
    pub(super) enqueued: Timestamp,
    /// `None` while it lies in the data directory.
    event: Option<Arc<HubEvent>>,
}

/// How a partition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Of the oldest event that is kept, or of the next one.
    pub(super) first_sequence_number: i64,
    /// −1 before the first event.
    pub(super) last_sequence_number: i64,
    /// −1 before the first event.
    pub(super) last_offset: i64,
    /// The epoch of Unix before the first event.
    pub(super) last_enqueued: Timestamp,
    pub(super) is_empty: bool,
}

/// Events that go into one capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The first of them.
    pub(super) first: i64,
    /// The first behind them.
    pub(super) next: i64,
    /// When the first was taken.
    pub(super) began: Timestamp,
}

impl Mark {
    /// Of an event that lies in the data directory.
    pub(super) fn of_kept(event: &HubEvent) -> Self {
        Self { offset: event.offset, enqueued: event.enqueued, event: None }
    }
}

impl Partition {
    /// With what was kept of it: the marks of its latest events, in their order.
    pub(super) fn new(
        id: PartitionId,
        reached: Option<Reached>,
        marks: VecDeque<Mark>,
        persistence: Persistence,
    ) -> Self {
        let next = reached.map_or(0, |reached| reached.next_sequence_number);
        let first = next - i64::try_from(marks.len()).unwrap_or(i64::MAX);
        let log = Mutex::new(Log { first, marks, reached });
        Self { id, log, appended: watch::Sender::new(next), persistence }
    }

    /// Appends events, all or none, and returns the sequence number of the first.
    pub(super) fn append(&self, now: Timestamp, events: Vec<NewEvent>) -> Result<i64, Refusal> {
        let mut log = self.lock();
        let first = log.next_sequence_number();
        let mut reached = log.reached.unwrap_or_default();
        let enqueued = whole_milliseconds(now);
        let mut change = self.persistence.change();
        let mut marks = Vec::with_capacity(events.len());
        for event in events {
            let event = event.placed(reached.next_sequence_number, reached.next_offset, enqueued);
            let frame = event.to_frame();
            record::put_event(&mut change, self.id, event.sequence_number, &frame);
            let length = i64::try_from(frame.len()).expect("an event is at most a megabyte");
            reached = Reached {
                next_sequence_number: event.sequence_number + 1,
                next_offset: event.offset + length,
                last_offset: event.offset,
                last_enqueued: enqueued,
            };
            let (offset, in_memory) = (event.offset, !self.persistence.is_durable());
            marks.push(Mark { offset, enqueued, event: in_memory.then(|| Arc::new(event)) });
        }
        record::put_reached(&mut change, self.id, &reached);
        change.commit().map_err(|error| Refusal::internal("keeping events", &error))?;
        log.marks.extend(marks);
        log.reached = Some(reached);
        drop(log);
        self.appended.send_replace(reached.next_sequence_number);
        Ok(first)
    }

    /// The sequence number at which somebody reads first who begins there.
    pub(super) fn begin(&self, position: Position) -> i64 {
        let log = self.lock();
        let after = |passes: &dyn Fn(&Mark) -> bool| {
            let skipped = log.marks.iter().position(passes).unwrap_or(log.marks.len());
            log.first + i64::try_from(skipped).unwrap_or(i64::MAX)
        };
        match position {
            Position::Start => log.first,
            Position::End => log.next_sequence_number(),
            Position::Sequence(number) => number.clamp(log.first, log.next_sequence_number()),
            Position::AfterOffset(offset) => after(&|mark| mark.offset > offset),
            Position::AfterTime(moment) => after(&|mark| mark.enqueued > moment),
        }
    }

    /// Up to `max` events from that sequence number on, or from the oldest that is kept.
    pub(super) fn read(&self, from: i64, max: usize) -> Result<Vec<Arc<HubEvent>>, Refusal> {
        let log = self.lock();
        let from = from.max(log.first);
        let skipped = usize::try_from(from - log.first).unwrap_or(usize::MAX);
        let marks = log.marks.iter().skip(skipped).take(max);
        let of = |(sequence_number, mark): (i64, &Mark)| match &mark.event {
            Some(event) => Ok(Arc::clone(event)),
            None => record::event(&self.persistence, self.id, sequence_number).map(Arc::new),
        };
        (from..).zip(marks).map(of).collect()
    }

    /// The events from that number on that were taken within `span` of the first of them, as many as have these bytes,
    /// but at least one. `None` as long as more may come.
    pub(super) fn window(
        &self,
        from: i64,
        span: SignedDuration,
        bytes: i64,
        now: Timestamp,
    ) -> Option<Window> {
        let log = self.lock();
        let first = from.max(log.first);
        let skipped = usize::try_from(first - log.first).ok()?;
        let marks = log.marks.iter().skip(skipped);
        let Mark { enqueued: began, offset: begin, .. } = marks.clone().next()?;
        let until = began.saturating_add(span).unwrap_or(Timestamp::MAX);
        let end = log.reached.map_or(*begin, |reached| reached.next_offset);
        let ends = marks.clone().skip(1).map(|mark| mark.offset).chain([end]);
        // A clock that was set back waits for nothing.
        let mut is_over = now >= until || now < *began;
        let mut next = first;
        for (mark, end) in marks.zip(ends) {
            let is_too_much = next > first && end - begin > bytes;
            let is_later = mark.enqueued >= until;
            if !is_too_much && !is_later {
                next += 1;
            }
            if is_too_much || is_later || end - begin >= bytes {
                is_over = true;
                break;
            }
        }
        is_over.then_some(Window { first, next, began: *began })
    }

    /// Tells the next sequence number whenever it changes.
    pub(super) fn appended(&self) -> watch::Receiver<i64> {
        self.appended.subscribe()
    }

    /// How it stands.
    pub(super) fn extent(&self) -> Extent {
        let log = self.lock();
        Extent {
            first_sequence_number: log.first,
            last_sequence_number: log.next_sequence_number() - 1,
            last_offset: log.reached.map_or(-1, |reached| reached.last_offset),
            last_enqueued: log
                .reached
                .map_or(Timestamp::UNIX_EPOCH, |reached| reached.last_enqueued),
            is_empty: log.marks.is_empty(),
        }
    }

    /// Forgets what was taken at that moment or earlier, of the events before that number.
    pub(super) fn expire(&self, until: Timestamp, before: i64) -> Result<(), Refusal> {
        loop {
            let mut log = self.lock();
            let most = usize::try_from(before - log.first).unwrap_or(0).min(EXPIRED_AT_ONCE);
            let is_over = |mark: &&Mark| mark.enqueued <= until;
            let count = log.marks.iter().take(most).take_while(is_over).count();
            if count == 0 {
                return Ok(());
            }
            let mut change = self.persistence.change();
            let after = log.first + i64::try_from(count).unwrap_or(i64::MAX);
            for sequence_number in log.first..after {
                record::remove_event(&mut change, self.id, sequence_number);
            }
            change.commit().map_err(|error| Refusal::internal("forgetting events", &error))?;
            log.marks.drain(..count);
            log.first = after;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no code panics while it holds a partition")
    }
}

impl Log {
    fn next_sequence_number(&self) -> i64 {
        self.reached.map_or(0, |reached| reached.next_sequence_number)
    }
}

/// AMQP knows no smaller unit of time.
fn whole_milliseconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition() -> Partition {
        let id = PartitionId { hub: 1, partition: 0 };
        Partition::new(id, None, VecDeque::new(), Persistence::Memory)
    }

    fn moment(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn events(bodies: &[&'static str]) -> Vec<NewEvent> {
        bodies.iter().map(|body| NewEvent { body: (*body).into(), ..NewEvent::default() }).collect()
    }

    fn read(partition: &Partition, position: Position) -> Vec<i64> {
        let events = partition.read(partition.begin(position), 100).unwrap();
        events.iter().map(|event| event.sequence_number).collect()
    }

    #[test]
    fn events_are_read_from_any_position() {
        let partition = partition();
        assert_eq!(partition.append(moment(10), events(&["a", "b"])).unwrap(), 0);
        assert_eq!(partition.append(moment(20), events(&["c"])).unwrap(), 2);
        let second = partition.read(1, 1).unwrap()[0].clone();
        assert_eq!((second.sequence_number, &second.body[..]), (1, &b"b"[..]));
        assert!(second.offset > second.sequence_number, "offsets count bytes");
        for (position, expected) in [
            (Position::Start, vec![0, 1, 2]),
            (Position::End, vec![]),
            (Position::Sequence(1), vec![1, 2]),
            (Position::Sequence(-5), vec![0, 1, 2]),
            (Position::Sequence(9), vec![]),
            (Position::AfterOffset(-1), vec![0, 1, 2]),
            (Position::AfterOffset(second.offset), vec![2]),
            (Position::AfterOffset(second.offset - 1), vec![1, 2]),
            (Position::AfterTime(moment(10)), vec![2]),
            (Position::AfterTime(moment(9)), vec![0, 1, 2]),
        ] {
            assert_eq!(read(&partition, position), expected, "{position}");
        }
    }

    #[test]
    fn a_window_is_over_by_its_time_or_its_bytes_and_holds_at_least_one_event() {
        let partition = partition();
        let span = SignedDuration::from_secs(10);
        let window = |from, bytes, second| {
            let window = partition.window(from, span, bytes, moment(second))?;
            Some((window.first, window.next, window.began.as_second()))
        };
        assert_eq!(window(0, 1_000_000, 100), None, "there is nothing");
        partition.append(moment(10), events(&["a", "b"])).unwrap();
        partition.append(moment(15), events(&["c"])).unwrap();
        assert_eq!(window(0, 1_000_000, 19), None, "more may come");
        assert_eq!(window(0, 1_000_000, 20), Some((0, 3, 10)));
        assert_eq!(window(0, 1_000_000, 9), Some((0, 3, 10)), "the clock was set back");
        assert_eq!(window(1, 1_000_000, 20), Some((1, 3, 10)));
        assert_eq!(window(3, 1_000_000, 20), None);
        assert_eq!(window(0, 1, 11), Some((0, 1, 10)), "one is larger than all bytes");
        let two = partition.read(2, 1).unwrap()[0].offset;
        assert_eq!(window(0, two, 11), Some((0, 2, 10)));
        partition.append(moment(21), events(&["d"])).unwrap();
        assert_eq!(window(0, 1_000_000, 21), Some((0, 3, 10)), "the next one is of another window");
    }

    #[test]
    fn a_partition_whose_events_have_gone_counts_on() {
        let partition = partition();
        partition.append(moment(10), events(&["a", "b"])).unwrap();
        partition.append(moment(20), events(&["c"])).unwrap();
        let before = partition.extent();
        partition.expire(moment(10), i64::MAX).unwrap();
        assert_eq!(read(&partition, Position::Start), [2]);
        partition.expire(moment(30), 2).unwrap();
        assert_eq!(read(&partition, Position::Start), [2], "it is still wanted");
        partition.expire(moment(30), i64::MAX).unwrap();
        let extent = partition.extent();
        assert_eq!((extent.first_sequence_number, extent.is_empty), (3, true));
        assert_eq!(extent.last_offset, before.last_offset);
        assert_eq!(partition.append(moment(40), events(&["d"])).unwrap(), 3);
        assert_eq!(read(&partition, Position::Sequence(0)), [3]);
    }
}
