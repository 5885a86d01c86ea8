//! What the simulator is started with.

use crate::Faults;
use simulator_shell::{Clock, Settings, StartError};

/// The port of the local platform's settings.
const PORT: u16 = 7081;

/// Where the simulator listens, whom it serves, and what goes wrong from the start.
#[derive(Debug, Clone)]
pub struct Options {
    /// The TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The key that a caller must send in `Ocp-Apim-Subscription-Key`, unless it sends a bearer token. `None` lets
    /// everybody in.
    pub key: Option<String>,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// Mixed into the seed that the faults name.
    pub seed: u64,
    /// The time that the log shows.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: PORT, key: None, faults: Faults::default(), seed: 0, clock: Clock::system() }
    }
}

impl Options {
    /// A free port, nobody asked for a key, nothing wrong: what a test wants.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self { port: 0, ..Self::default() }
    }

    /// Reads the settings of the README.
    ///
    /// # Errors
    /// A setting that makes no sense, named with an example.
    pub fn from_settings(settings: &Settings) -> Result<Self, StartError> {
        let common = settings.common::<Faults>("CONTENT_SAFETY", PORT)?;
        Ok(Self {
            port: common.port,
            key: settings.text("CONTENT_SAFETY_KEY"),
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }
}
