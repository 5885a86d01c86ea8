//! What the mail service is started with.

use std::{path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Uri;
use jiff::SignedDuration;
use local_wire::Endpoint;
use simulator_shell::{Clock, Settings, StartError};

use crate::{Faults, access::AccessKey};

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7086;
/// The access key of a laptop: `local-only-key-not-a-secret-0006` in base64.
pub const LOCAL_ACCESS_KEY: &str = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDY=";

const PLATFORM: &str = "PLATFORM_URL";
const PLATFORM_EXAMPLE: &str = "http://127.0.0.1:7071";
const ACCESS_KEY: &str = "EMAIL_ACCESS_KEY";
const DELAY: &str = "EMAIL_DELAY";
/// How long an operation takes unless it is said.
const TAKES: Duration = Duration::from_secs(1);
const MAX_TAKES: Duration = Duration::from_secs(86_400);
/// The topic to which the local host subscribes functions.
const TOPIC_PATH: &str = "/runtime/topics/communication/api/events";

/// What the mail service is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where Event Grid is: the local host's gateway, `http://127.0.0.1:7071`.
    pub platform: String,
    /// The key that the gateway asks for in `x-functions-key`, if it asks for one.
    pub platform_key: Option<String>,
    /// What requests may be signed with, in base64.
    pub access_key: String,
    /// The domains whose senders are taken; empty: everybody's.
    pub domains: Vec<String>,
    /// How long an operation takes.
    pub delay: Duration,
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
    /// A free port, the local key, no delay, nothing kept and nothing wrong: what a test wants.
    pub fn ephemeral(platform: impl Into<String>) -> Self {
        Self {
            port: 0,
            platform: platform.into(),
            platform_key: None,
            access_key: LOCAL_ACCESS_KEY.to_owned(),
            domains: Vec::new(),
            delay: Duration::ZERO,
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
        let common = settings.common::<Faults>("EMAIL", DEFAULT_PORT)?;
        let text = |name, usual: &str| settings.text(name).unwrap_or_else(|| usual.to_owned());
        let delay = settings.parsed::<SignedDuration>(DELAY, "1s")?;
        let delay =
            delay.map_or(Ok(TAKES), Duration::try_from).ok().filter(|one| *one <= MAX_TAKES);
        let delay = delay
            .ok_or_else(|| refused(DELAY, "is not negative, and a day at most".to_owned(), "1s"))?;
        let domains = settings.text("EMAIL_DOMAINS").unwrap_or_default();
        let domains = domains.split(',').map(str::trim).filter(|domain| !domain.is_empty());
        Ok(Self {
            port: common.port,
            platform: text(PLATFORM, PLATFORM_EXAMPLE),
            platform_key: settings.text("PLATFORM_KEY"),
            access_key: text(ACCESS_KEY, LOCAL_ACCESS_KEY),
            domains: domains.map(str::to_owned).collect(),
            delay,
            data: settings.text("DATA_DIR").map(PathBuf::from),
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }

    /// Where reports go, if it is on this machine: nobody else is told of mails that were never sent.
    pub(crate) fn topic_url(&self) -> Result<String, StartError> {
        let wrong = |why| refused(PLATFORM, why, PLATFORM_EXAMPLE);
        let base = Endpoint::loopback(&self.platform).map_err(wrong)?.base;
        let url = format!("{base}{TOPIC_PATH}");
        url.parse::<Uri>().map_err(|error| wrong(error.to_string()))?;
        Ok(url)
    }

    pub(crate) fn key(&self) -> Result<AccessKey, StartError> {
        let key = STANDARD.decode(self.access_key.trim());
        let wrong =
            |error: base64::DecodeError| refused(ACCESS_KEY, error.to_string(), LOCAL_ACCESS_KEY);
        key.map(AccessKey).map_err(wrong)
    }

    pub(crate) fn takes(&self) -> SignedDuration {
        SignedDuration::try_from(self.delay).unwrap_or(SignedDuration::MAX)
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
        assert_eq!((plain.port, plain.delay, plain.domains.len()), (7086, TAKES, 0));
        assert_eq!(plain.key().unwrap().0, b"local-only-key-not-a-secret-0006");
        assert_eq!(plain.topic_url().unwrap(), format!("{PLATFORM_EXAMPLE}{TOPIC_PATH}"));
        let set = options(&[("EMAIL_DOMAINS", "a.example, b.example"), (DELAY, "PT0.5S")]).unwrap();
        assert_eq!((set.domains.len(), set.delay.as_millis()), (2, 500));
        let abroad = options(&[(PLATFORM, "https://iommi.example")]).unwrap();
        assert!(abroad.topic_url().unwrap_err().to_string().contains(PLATFORM));
        let odd = options(&[(ACCESS_KEY, "%")]).unwrap();
        assert!(odd.key().unwrap_err().to_string().contains(ACCESS_KEY));
        let wrong = [
            ("EMAIL_FAULTS", "rubbish!"),
            ("EMAIL_SEED", "x"),
            (DELAY, "-1s"),
            (DELAY, "25h"),
            ("PORT", "x"),
        ];
        for (name, text) in wrong {
            let error = options(&[(name, text)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("for example"), "{error}");
        }
    }
}
