//! Who reads which partition: epochs, by which one reader displaces another.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::oneshot;

use crate::event_hubs::refusal::Refusal;

/// Readers without an epoch that a partition may have in one group.
const MAX_WITHOUT_EPOCH: usize = 5;

/// A partition in a group: hub, group and partition in small letters.
pub(super) type Seat = (String, String, String);

/// All readers of all partitions.
#[derive(Debug, Default)]
pub(super) struct Readers {
    seats: Mutex<HashMap<Seat, Vec<Reader>>>,
    last: AtomicU64,
}

#[derive(Debug)]
struct Reader {
    id: u64,
    epoch: Option<i64>,
    /// Told when somebody else takes the partition.
    stolen: oneshot::Sender<String>,
}

/// Why a reader does not get in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum KeptOut {
    /// Somebody with a higher epoch, or any at all, is there.
    Stolen(String),
    /// There are too many.
    Refused(Refusal),
}

/// A reader's place.
pub(super) struct Entered {
    pub(super) id: u64,
    /// Says why, once somebody else takes the partition.
    pub(super) stolen: oneshot::Receiver<String>,
}

impl Readers {
    /// Lets a reader in. One with an epoch displaces all with a lower one, the same one or none.
    pub(super) fn enter(&self, seat: &Seat, epoch: Option<i64>) -> Result<Entered, KeptOut> {
        let mut seats = self.seats.lock().expect(UNPOISONED);
        let there = seats.entry(seat.clone()).or_default();
        let highest = there.iter().filter_map(|reader| reader.epoch).max();
        match (highest, epoch) {
            (Some(current), Some(epoch)) if current > epoch => {
                return Err(KeptOut::Stolen(format!(
                    "a receiver with epoch {current} reads this partition, and one with epoch {epoch} cannot connect"
                )));
            }
            (Some(current), None) => {
                return Err(KeptOut::Stolen(format!(
                    "a receiver with epoch {current} reads this partition, and one without an epoch cannot connect"
                )));
            }
            (_, Some(epoch)) => {
                for reader in there.drain(..) {
                    let why = format!(
                        "a receiver with epoch {epoch} has connected, and this one is disconnected"
                    );
                    // It may be on its way out by itself.
                    let _ = reader.stolen.send(why);
                }
            }
            (None, None) if there.len() >= MAX_WITHOUT_EPOCH => {
                let why = format!(
                    "{MAX_WITHOUT_EPOCH} receivers read this partition in this consumer group, the most there can be; \
                     close one, or use a group for each purpose"
                );
                return Err(KeptOut::Refused(Refusal::Conflict(why)));
            }
            (None, None) => {}
        }
        let id = self.last.fetch_add(1, Ordering::Relaxed);
        let (sender, stolen) = oneshot::channel();
        there.push(Reader { id, epoch, stolen: sender });
        Ok(Entered { id, stolen })
    }

    /// Forgets a reader that has gone.
    pub(super) fn leave(&self, seat: &Seat, id: u64) {
        let mut seats = self.seats.lock().expect(UNPOISONED);
        if let Some(there) = seats.get_mut(seat) {
            there.retain(|reader| reader.id != id);
            if there.is_empty() {
                seats.remove(seat);
            }
        }
    }
}

const UNPOISONED: &str = "no code panics while it holds the readers";

#[cfg(test)]
mod tests {
    use super::*;

    fn seat() -> Seat {
        ("account".into(), "$default".into(), "0".into())
    }

    fn is_stolen(entered: &mut Entered) -> bool {
        entered.stolen.try_recv().is_ok()
    }

    #[test]
    fn the_highest_epoch_reads_and_the_latest_of_equal_ones() {
        let readers = Readers::default();
        let mut first = readers.enter(&seat(), Some(1)).unwrap();
        let mut second = readers.enter(&seat(), Some(5)).unwrap();
        assert!(is_stolen(&mut first) && !is_stolen(&mut second));
        assert!(matches!(readers.enter(&seat(), Some(2)), Err(KeptOut::Stolen(_))));
        assert!(matches!(readers.enter(&seat(), None), Err(KeptOut::Stolen(_))));
        let third = readers.enter(&seat(), Some(5)).unwrap();
        assert!(is_stolen(&mut second));
        readers.leave(&seat(), second.id);
        assert!(readers.enter(&seat(), Some(4)).is_err(), "the third is still there");
        readers.leave(&seat(), third.id);
        assert!(readers.enter(&seat(), None).is_ok());
    }

    #[test]
    fn five_read_without_an_epoch_and_one_with_an_epoch_displaces_them() {
        let readers = Readers::default();
        let mut five: Vec<_> = (0..5).map(|_| readers.enter(&seat(), None).unwrap()).collect();
        assert!(matches!(readers.enter(&seat(), None), Err(KeptOut::Refused(_))));
        readers.enter(&seat(), Some(0)).unwrap();
        assert!(five.iter_mut().all(is_stolen));
    }
}
