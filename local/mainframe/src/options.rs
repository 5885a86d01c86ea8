//! What the mainframe is started with.

use std::path::PathBuf;

use crate::{Error, Faults, Pace, Window, wire::Endpoint};

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7082;

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
}

/// The services that were checked to be addresses of this machine.
#[derive(Debug)]
pub(crate) struct Storage {
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
        }
    }

    /// Reads the settings of the README. `setting` gives a setting's value; an empty one counts as none.
    pub fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let setting = |name: &str| setting(name).filter(|value| !value.trim().is_empty());
        let read = Reader(&setting);
        let mut pace: Pace = read
            .parsed("MAINFRAME_PACE", "messagesPerSecond=20,secondsPerMessage=0.2")?
            .unwrap_or_default();
        if let Some(window) = read.parsed::<Window>("MAINFRAME_WINDOW", "06:00-22:00")? {
            pace.window = window;
        }
        Ok(Self {
            port: read.parsed("PORT", "7082")?.unwrap_or(DEFAULT_PORT),
            queue_service: read.required(
                "STORAGE__queueServiceUri",
                "http://127.0.0.1:10001/devstoreaccount1?SIGNATURE",
            )?,
            blob_service: read.required(
                "STORAGE__blobServiceUri",
                "http://127.0.0.1:10000/devstoreaccount1?SIGNATURE",
            )?,
            data: setting("DATA_DIR").map(PathBuf::from),
            pace,
            faults: read
                .parsed("MAINFRAME_FAULTS", "busy=0.1,twice=0.05,refuse=MF-1043")?
                .unwrap_or_default(),
            seed: read.parsed("MAINFRAME_SEED", "42")?.unwrap_or(0),
        })
    }

    /// The services, if their addresses are of this machine.
    pub(crate) fn storage(&self) -> Result<Storage, Error> {
        let endpoint = |name, text: &str, example| {
            text.parse().map_err(|why| Error::Setting { name, why, example })
        };
        Ok(Storage {
            queues: endpoint(
                "STORAGE__queueServiceUri",
                &self.queue_service,
                "http://127.0.0.1:10001/devstoreaccount1?SIGNATURE",
            )?,
            blobs: endpoint(
                "STORAGE__blobServiceUri",
                &self.blob_service,
                "http://127.0.0.1:10000/devstoreaccount1?SIGNATURE",
            )?,
        })
    }
}

struct Reader<'a, F>(&'a F);

impl<F: Fn(&str) -> Option<String>> Reader<'_, F> {
    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
        example: &'static str,
    ) -> Result<Option<T>, Error> {
        let Some(text) = (self.0)(name) else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|why: T::Err| Error::Setting {
            name,
            why: why.to_string(),
            example,
        })
    }

    fn required(&self, name: &'static str, example: &'static str) -> Result<String, Error> {
        (self.0)(name).ok_or_else(|| Error::Setting { name, why: "is missing".to_owned(), example })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(settings: &[(&str, &str)]) -> Result<Options, Error> {
        let storage = [
            ("STORAGE__queueServiceUri", "http://127.0.0.1:10001/devstoreaccount1"),
            ("STORAGE__blobServiceUri", "http://127.0.0.1:10000/devstoreaccount1"),
        ];
        Options::from_settings(|name| {
            let all = settings.iter().chain(&storage);
            all.into_iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        })
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
