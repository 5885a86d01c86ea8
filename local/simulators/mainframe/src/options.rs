//! What the mainframe is started with.

use std::path::PathBuf;

use local_wire::Endpoint;
use simulator_shell::{Clock, Settings, StartError};

use crate::{Faults, Pace, Window};

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7082;

const QUEUES: &str = "STORAGE__queueServiceUri";
const QUEUES_EXAMPLE: &str = "http://127.0.0.1:10001/devstoreaccount1?SIGNATURE";
const BLOBS: &str = "STORAGE__blobServiceUri";
const BLOBS_EXAMPLE: &str = "http://127.0.0.1:10000/devstoreaccount1?SIGNATURE";

/// What the mainframe is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The queue service's address with an account signature: `http://127.0.0.1:10001/devstoreaccount1?SIGNATURE`.
    pub queue_service: String,
    /// The blob service's address, likewise.
    pub blob_service: String,
    /// The directory of the records; `None` keeps them in memory.
    pub data: Option<PathBuf>,
    /// How fast it works at first.
    pub pace: Pace,
    /// What goes wrong at first.
    pub faults: Faults,
    /// What faults are drawn from. With a data directory the number of starts is mixed in, so that a mainframe that is
    /// killed at its first message does not meet the same fault for ever.
    pub seed: u64,
    /// The time it goes by.
    pub clock: Clock,
}

/// The services that were checked to be addresses of this machine.
#[derive(Debug)]
pub(crate) struct Endpoints {
    pub(crate) queues: Endpoint,
    pub(crate) blobs: Endpoint,
}

impl Options {
    /// A free port, no records kept, no pauses and no faults: what a test wants.
    pub fn ephemeral(queue_service: impl Into<String>, blob_service: impl Into<String>) -> Self {
        Self {
            port: 0,
            queue_service: queue_service.into(),
            blob_service: blob_service.into(),
            data: None,
            pace: Pace::unlimited(),
            faults: Faults::default(),
            seed: 0,
            clock: Clock::system(),
        }
    }

    /// Reads the settings of the README.
    ///
    /// # Errors
    /// A setting that is missing or makes no sense, named with an example.
    pub fn from_settings(settings: &Settings) -> Result<Self, StartError> {
        let mut pace: Pace = settings
            .parsed("MAINFRAME_PACE", "messagesPerSecond=20,secondsPerMessage=0.2")?
            .unwrap_or_default();
        if let Some(window) = settings.parsed::<Window>("MAINFRAME_WINDOW", "06:00-22:00")? {
            pace.window = window;
        }
        let common = settings.common::<Faults>("MAINFRAME", DEFAULT_PORT)?;
        Ok(Self {
            port: common.port,
            queue_service: settings.required(QUEUES, QUEUES_EXAMPLE)?,
            blob_service: settings.required(BLOBS, BLOBS_EXAMPLE)?,
            data: settings.text("DATA_DIR").map(PathBuf::from),
            pace,
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }

    /// The services, if their addresses are of this machine.
    pub(crate) fn storage(&self) -> Result<Endpoints, StartError> {
        let endpoint = |name: &str, text: &str, example| {
            let refused = |why| StartError::Setting { name: name.to_owned(), why, example };
            Endpoint::loopback(text).map_err(refused)
        };
        Ok(Endpoints {
            queues: endpoint(QUEUES, &self.queue_service, QUEUES_EXAMPLE)?,
            blobs: endpoint(BLOBS, &self.blob_service, BLOBS_EXAMPLE)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(settings: &[(&str, &str)]) -> Result<Options, StartError> {
        let storage = [
            ("STORAGE__queueServiceUri", "http://127.0.0.1:10001/devstoreaccount1"),
            ("STORAGE__blobServiceUri", "http://127.0.0.1:10000/devstoreaccount1"),
        ];
        // The last of a name counts.
        Options::from_settings(&Settings::of(storage.iter().chain(settings).copied()))
    }

    #[test]
    fn what_is_not_set_is_slow_and_flawless() {
        let options = options(&[]).unwrap();
        assert_eq!(
            (options.port, options.pace, options.faults),
            (7082, Pace::default(), Faults::default())
        );
        assert_eq!((options.data, options.seed), (None, 0));
    }

    #[test]
    fn settings_are_read_and_what_is_wrong_is_named_with_an_example() {
        let options_ = options(&[
            ("MAINFRAME_PACE", "unlimited"),
            ("MAINFRAME_WINDOW", "06:00-22:00"),
            ("PORT", "0"),
        ])
        .unwrap();
        assert_eq!((options_.port, options_.pace.messages_per_second), (0, None));
        assert_eq!(options_.pace.window.to_string(), "06:00-22:00");
        for name in
            ["MAINFRAME_PACE", "MAINFRAME_WINDOW", "MAINFRAME_FAULTS", "MAINFRAME_SEED", "PORT"]
        {
            let error = options(&[(name, "rubbish!")]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("for example"), "{error}");
        }
        let error = options(&[("STORAGE__queueServiceUri", "")]).unwrap_err().to_string();
        assert!(error.contains("STORAGE__queueServiceUri: is missing"), "{error}");
    }
}
