//! The switches that can be turned while the mainframe runs.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rand::{SeedableRng as _, rngs::SmallRng};
use simulator_shell::Switches;

use crate::{Faults, Pace, faults::Fate, throttle::Throttle};

/// How long to wait before looking again at a switch that says no.
const CLOSED_PAUSE: Duration = Duration::from_millis(500);

/// Pace and faults in force.
#[derive(Debug)]
pub(crate) struct Controls {
    faults: Arc<Switches<Faults>>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    pace: Pace,
    throttle: Throttle,
    random: SmallRng,
}

impl Controls {
    /// Faults are drawn from `seed`.
    pub(crate) fn new(pace: Pace, faults: Arc<Switches<Faults>>, seed: u64) -> Self {
        let inner = Inner {
            pace,
            throttle: Throttle::new(Instant::now()),
            random: SmallRng::seed_from_u64(seed),
        };
        Self { faults, inner: Mutex::new(inner) }
    }

    pub(crate) fn pace(&self) -> Pace {
        self.lock().pace.clone()
    }

    pub(crate) fn set_pace(&self, pace: Pace) {
        self.lock().pace = pace;
    }

    pub(crate) fn faults(&self) -> Faults {
        self.faults.faults()
    }

    /// Decides about so many messages.
    pub(crate) fn draw(&self, messages: usize) -> Vec<Fate> {
        let faults = self.faults();
        let random = &mut self.lock().random;
        (0..messages).map(|_| faults.draw(random)).collect()
    }

    /// In which order so many messages are worked on, when order is among the faults.
    pub(crate) fn order(&self, messages: usize) -> Vec<usize> {
        use rand::seq::SliceRandom as _;
        let mut order: Vec<usize> = (0..messages).collect();
        if self.faults().out_of_order > 0.0 {
            order.shuffle(&mut self.lock().random);
        }
        order
    }

    /// How many messages may be taken at `now`, up to `most`, or how long to wait.
    pub(super) fn permits(&self, most: u8, now: Timestamp) -> Result<u8, Duration> {
        let is_down = self.faults().down;
        let Inner { pace, throttle, .. } = &mut *self.lock();
        if is_down || !pace.window.is_open(now) {
            return Err(CLOSED_PAUSE);
        }
        throttle.take(Instant::now(), pace.messages_per_second, most)
    }

    /// Gives back permits for which there was no message.
    pub(super) fn give_back(&self, unused: u8) {
        self.lock().throttle.give_back(unused);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no code panics while it holds the switches")
    }
}
