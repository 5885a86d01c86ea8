//! The switches that can be turned while the mainframe runs.

use std::{
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rand::{SeedableRng as _, rngs::SmallRng};

use crate::{Faults, Pace, faults::Fate, throttle::Throttle};

/// How long to wait before looking again at a switch that says no.
const CLOSED_PAUSE: Duration = Duration::from_millis(500);

/// Pace and faults in force.
#[derive(Debug)]
pub(crate) struct Controls(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    pace: Pace,
    faults: Faults,
    throttle: Throttle,
    random: SmallRng,
}

impl Controls {
    /// Faults are drawn from `seed`.
    pub(crate) fn new(pace: Pace, faults: Faults, seed: u64) -> Self {
        Self(Mutex::new(Inner {
            pace,
            faults,
            throttle: Throttle::new(Instant::now()),
            random: SmallRng::seed_from_u64(seed),
        }))
    }

    pub(crate) fn pace(&self) -> Pace {
        self.lock().pace.clone()
    }

    pub(crate) fn set_pace(&self, pace: Pace) {
        self.lock().pace = pace;
    }

    pub(crate) fn faults(&self) -> Faults {
        self.lock().faults.clone()
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    /// Decides about so many messages.
    pub(crate) fn draw(&self, messages: usize) -> Vec<Fate> {
        let Inner { faults, random, .. } = &mut *self.lock();
        (0..messages).map(|_| faults.draw(random)).collect()
    }

    /// In which order so many messages are worked on, when order is among the faults.
    pub(crate) fn order(&self, messages: usize) -> Vec<usize> {
        use rand::seq::SliceRandom as _;
        let Inner { faults, random, .. } = &mut *self.lock();
        let mut order: Vec<usize> = (0..messages).collect();
        if faults.out_of_order > 0.0 {
            order.shuffle(random);
        }
        order
    }

    /// How many messages may be taken now, up to `most`, or how long to wait.
    pub(super) fn permits(&self, most: u8) -> Result<u8, Duration> {
        let Inner { pace, faults, throttle, .. } = &mut *self.lock();
        if faults.down || !pace.window.is_open(Timestamp::now()) {
            return Err(CLOSED_PAUSE);
        }
        throttle.take(Instant::now(), pace.messages_per_second, most)
    }

    /// Gives back permits for which there was no message.
    pub(super) fn give_back(&self, unused: u8) {
        self.lock().throttle.give_back(unused);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no code panics while it holds the switches")
    }
}
