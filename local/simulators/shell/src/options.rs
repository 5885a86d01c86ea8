//! What every simulator is started with.

use std::sync::Arc;

use crate::{Clock, Faults, Switches};

/// What every simulator is started with.
#[derive(Clone, Debug)]
pub struct Options<F> {
    /// The TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What goes wrong, to be switched while it runs by whoever holds a clone.
    pub switches: Arc<Switches<F>>,
    /// The time it goes by.
    pub clock: Clock,
}

impl<F: Faults> Options<F> {
    /// A free port, nothing wrong, the machine's clock: what a test wants.
    pub fn ephemeral() -> Self {
        Self { port: 0, switches: Switches::off(), clock: Clock::system() }
    }
}
