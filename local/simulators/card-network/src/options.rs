//! What the card network is started with.

use std::path::PathBuf;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Uri;
use local_wire::Endpoint;
use simulator_shell::{Clock, Settings, StartError};

use crate::Faults;

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7087;

const QUEUES: &str = "STORAGE__queueServiceUri";
const QUEUES_EXAMPLE: &str = "http://127.0.0.1:10001/devstoreaccount1?SIGNATURE";
const PLATFORM: &str = "PLATFORM_URL";
const PLATFORM_EXAMPLE: &str = "http://127.0.0.1:7071";
const SIGNING_KEYS: &str = "NETWORK_KEYS";
/// `local-only-key-not-a-secret-0003`: what the platform's apps take locally.
const LOCAL_SIGNING_KEY: &str = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDM=";

/// What the card network is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The platform's gateway, `http://127.0.0.1:7071`.
    pub platform: String,
    /// The key that the gateway asks for in `x-functions-key`, if it asks for one.
    pub platform_key: Option<String>,
    /// The queue service's address with an account signature; without it there is no bank.
    pub queue_service: Option<String>,
    /// What the messages to the platform are signed with.
    pub signing_key: Vec<u8>,
    /// The key that the platform shows in `Authorization: Bearer`. `None` lets everybody in.
    pub key: Option<String>,
    /// The directory of what is to outlive the run; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// What goes wrong at first.
    pub faults: Faults,
    /// Mixed into the seed that the faults name.
    pub seed: u64,
    /// The time it goes by.
    pub clock: Clock,
}

impl Options {
    /// A free port, the local keys, nothing kept and nothing wrong: what a test wants.
    pub fn ephemeral(platform: impl Into<String>) -> Self {
        Self {
            port: 0,
            platform: platform.into(),
            platform_key: None,
            queue_service: None,
            signing_key: STANDARD.decode(LOCAL_SIGNING_KEY).unwrap_or_default(),
            key: None,
            data: None,
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
        let common = settings.common::<Faults>("CARD_NETWORK", DEFAULT_PORT)?;
        let keys = settings.text(SIGNING_KEYS).unwrap_or_else(|| LOCAL_SIGNING_KEY.to_owned());
        // Where there are several, all are taken; the first is the newest.
        let first = keys.split(',').next().unwrap_or_default().trim();
        let signing_key = STANDARD
            .decode(first)
            .map_err(|error| refused(SIGNING_KEYS, error.to_string(), LOCAL_SIGNING_KEY))?;
        Ok(Self {
            port: common.port,
            platform: settings.text(PLATFORM).unwrap_or_else(|| PLATFORM_EXAMPLE.to_owned()),
            platform_key: settings.text("PLATFORM_KEY"),
            queue_service: settings.text(QUEUES),
            signing_key,
            key: settings.text("CARD_NETWORK_KEY"),
            data: settings.text("DATA_DIR").map(PathBuf::from),
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }

    /// The gateway, if its address is of this machine: nobody else's platform is told of purchases that never were.
    pub(crate) fn gateway(&self) -> Result<String, StartError> {
        let endpoint = Endpoint::loopback(&self.platform)
            .map_err(|why| refused(PLATFORM, why, PLATFORM_EXAMPLE))?;
        let url = endpoint.base;
        url.parse::<Uri>()
            .map_err(|error| refused(PLATFORM, error.to_string(), PLATFORM_EXAMPLE))?;
        Ok(url)
    }

    /// The queue service, if its address is of this machine.
    pub(crate) fn queues(&self) -> Result<Option<Endpoint>, StartError> {
        let address = self.queue_service.as_deref().map(Endpoint::loopback).transpose();
        address.map_err(|why| refused(QUEUES, why, QUEUES_EXAMPLE))
    }
}

fn refused(name: &str, why: String, example: &'static str) -> StartError {
    StartError::Setting { name: name.to_owned(), why, example }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_what_is_wrong_is_named_with_an_example() {
        let options = |settings: &[(&str, &str)]| {
            Options::from_settings(&Settings::of(settings.iter().copied()))
        };
        let plain = options(&[]).unwrap();
        assert_eq!((plain.port, plain.signing_key.len(), plain.data), (7087, 32, None));
        let set = options(&[("PLATFORM_URL", "http://127.0.0.1:9/"), ("PORT", "0")]).unwrap();
        assert_eq!((set.port, set.gateway().unwrap().as_str()), (0, "http://127.0.0.1:9"));
        let abroad = options(&[("PLATFORM_URL", "https://iommi.example")]).unwrap();
        assert!(abroad.gateway().unwrap_err().to_string().contains("PLATFORM_URL"));
        for name in ["NETWORK_KEYS", "CARD_NETWORK_FAULTS", "CARD_NETWORK_SEED", "PORT"] {
            let error = options(&[(name, "rubbish!")]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("for example"), "{error}");
        }
    }
}
