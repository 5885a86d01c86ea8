//! Whom a fault strikes.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};

use super::{Down, Faults, FaultsError};

/// The faults in force, and the state of their draws. They can be switched while the simulator runs.
#[derive(Debug)]
pub struct Switches<F> {
    /// Mixed into the seed that the faults name.
    seed: u64,
    inner: Mutex<Inner<F>>,
}

#[derive(Debug)]
struct Inner<F> {
    faults: F,
    random: SmallRng,
    struck: u32,
}

/// What one request meets.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawn<F> {
    pub(crate) delay: Duration,
    pub(crate) down: Option<Down>,
    /// What a throttled request is told: when to come again, or nothing.
    pub(crate) throttled: Option<Option<u64>>,
    /// The faults if the request is struck, else none.
    pub(crate) faults: F,
}

impl<F: Faults> Switches<F> {
    /// These faults from the start.
    ///
    /// # Errors
    /// A value is out of its range.
    pub fn new(faults: F, seed: u64) -> Result<Arc<Self>, FaultsError> {
        faults.check().map_err(FaultsError::new)?;
        Ok(Arc::new(Self { seed, inner: Mutex::new(Inner::of(faults, seed)) }))
    }

    /// Nothing wrong.
    pub fn off() -> Arc<Self> {
        Arc::new(Self { seed: 0, inner: Mutex::new(Inner::of(F::default(), 0)) })
    }

    /// The faults in force, with what is left of `times`.
    pub fn faults(&self) -> F {
        self.lock().faults.clone()
    }

    /// Replaces the faults in force, their draws beginning anew.
    ///
    /// # Errors
    /// A value is out of its range; nothing has changed then.
    pub fn set(&self, faults: F) -> Result<(), FaultsError> {
        faults.check().map_err(FaultsError::new)?;
        *self.lock() = Inner::of(faults, self.seed);
        Ok(())
    }

    /// From now on all is well.
    pub fn clear(&self) {
        *self.lock() = Inner::of(F::default(), self.seed);
    }

    /// What a request meets, if the faults concern it.
    pub(crate) fn draw(&self, concern: impl FnOnce(&F) -> bool) -> Drawn<F> {
        let mut inner = self.lock();
        let Some(network) = inner.faults.network() else { return Drawn::default() };
        if !concern(&inner.faults) {
            return Drawn::default();
        }
        // A draw for each request, struck or not: the same seed strikes the same ones.
        let hit = inner.random.random_bool(network.probability);
        if !hit || inner.faults.are_off() || network.times == Some(0) {
            return Drawn::default();
        }
        inner.faults.set_times(network.times.map(|times| times - 1));
        inner.struck = inner.struck.wrapping_add(1);
        let throttled = network
            .throttle
            .filter(|throttle| inner.struck.is_multiple_of(throttle.every))
            .map(|throttle| throttle.retry_after_seconds);
        Drawn {
            delay: Duration::from_millis(network.delay_ms),
            down: network.down,
            throttled,
            faults: inner.faults.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<F>> {
        self.inner.lock().expect("no code panics while it holds the switches")
    }
}

impl<F: Faults> Inner<F> {
    fn of(faults: F, seed: u64) -> Self {
        let own = faults.network().map_or(0, |network| network.seed);
        let random = SmallRng::seed_from_u64(seed.wrapping_add(own));
        Self { faults, random, struck: 0 }
    }
}
