//! What the vendor is started with.

use std::path::PathBuf;

use http::Uri;
use local_wire::Endpoint;
use simulator_shell::{Clock, Settings, StartError};
use webhooks::Secret;

use crate::Faults;

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7085;
/// The key that the platform shows locally.
pub const LOCAL_KEY: &str = "local-only-key-of-iommi-sales";
/// What webhooks are signed with locally: `local-only-key-not-a-secret-0005` in base64.
pub const LOCAL_WEBHOOK_SECRET: &str = "whsec_bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDU=";

const PLATFORM: &str = "PLATFORM_URL";
const PLATFORM_EXAMPLE: &str = "http://127.0.0.1:7071";
const WEBHOOK_SECRET: &str = "VENDOR_WEBHOOK_SECRET";
/// Where the platform hears of changes.
const WEBHOOK_PATH: &str = "/sales/v1/vendor-events";

/// What the vendor is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The platform's gateway, `http://127.0.0.1:7071`.
    pub platform: String,
    /// The key that the gateway asks for in `x-functions-key`, if it asks for one.
    pub platform_key: Option<String>,
    /// What clients show in `Authorization: Bearer`.
    pub key: String,
    /// `whsec_…`, what webhooks are signed with.
    pub webhook_secret: String,
    /// The directory of what is to outlive the run; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// What goes wrong at first.
    pub faults: Faults,
    /// What licence keys are made of; mixed into the seed of the faults as well.
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
            key: LOCAL_KEY.to_owned(),
            webhook_secret: LOCAL_WEBHOOK_SECRET.to_owned(),
            data: None,
            faults: Faults::default(),
            seed: 0,
            clock: Clock::system(),
        }
    }

    /// Reads the settings of the README.
    ///
    /// # Errors
    /// A setting that makes no sense, named with an example.
    pub fn from_settings(settings: &Settings) -> Result<Self, StartError> {
        let common = settings.common::<Faults>("VENDOR", DEFAULT_PORT)?;
        let text = |name, usual: &str| settings.text(name).unwrap_or_else(|| usual.to_owned());
        Ok(Self {
            port: common.port,
            platform: text(PLATFORM, PLATFORM_EXAMPLE),
            platform_key: settings.text("PLATFORM_KEY"),
            key: text("VENDOR_KEY", LOCAL_KEY),
            webhook_secret: text(WEBHOOK_SECRET, LOCAL_WEBHOOK_SECRET),
            data: settings.text("DATA_DIR").map(PathBuf::from),
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }

    /// Where webhooks go, if it is on this machine: nobody else's platform is told of orders that never were.
    pub(crate) fn webhook_url(&self) -> Result<String, StartError> {
        let wrong = |why| refused(PLATFORM, why, PLATFORM_EXAMPLE);
        let base = Endpoint::loopback(&self.platform).map_err(wrong)?.base;
        let url = format!("{base}{WEBHOOK_PATH}");
        url.parse::<Uri>().map_err(|error| wrong(error.to_string()))?;
        Ok(url)
    }

    pub(crate) fn secret(&self) -> Result<Secret, StartError> {
        let read = self.webhook_secret.parse::<Secret>();
        read.map_err(|error| refused(WEBHOOK_SECRET, error.to_string(), LOCAL_WEBHOOK_SECRET))
    }
}

fn refused(name: &str, why: String, example: &'static str) -> StartError {
    StartError::Setting { name: name.to_owned(), why, example }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn settings_are_read_and_what_is_wrong_is_named_with_an_example() {
        let options = |settings: &[(&str, &str)]| {
            Options::from_settings(&Settings::of(settings.iter().copied()))
        };
        let plain = options(&[]).unwrap();
        assert_eq!((plain.port, plain.key.as_str(), plain.data.as_ref()), (7085, LOCAL_KEY, None));
        plain.secret().unwrap();
        assert_eq!(plain.webhook_url().unwrap(), "http://127.0.0.1:7071/sales/v1/vendor-events");
        let abroad = options(&[(PLATFORM, "https://iommi.example")]).unwrap();
        assert!(abroad.webhook_url().unwrap_err().to_string().contains(PLATFORM));
        let short = options(&[(WEBHOOK_SECRET, "whsec_c2hvcnQ=")]).unwrap();
        assert!(short.secret().unwrap_err().to_string().contains(WEBHOOK_SECRET));
        for name in ["VENDOR_FAULTS", "VENDOR_SEED", "PORT"] {
            let error = options(&[(name, "rubbish!")]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("for example"), "{error}");
        }
    }
}
