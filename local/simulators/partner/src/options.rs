//! What the partner is started with.

use std::{collections::BTreeMap, path::PathBuf};

use simulator_shell::{Clock, Settings, StartError};

use crate::{Faults, receiver::Receiver};

/// The port unless another is asked for.
pub const DEFAULT_PORT: u16 = 7084;

const RECEIVERS: &str = "PARTNER_RECEIVERS";
const RECEIVERS_EXAMPLE: &str = r#"{"main": ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]}"#;

/// What the partner is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// By receiver the keys that it believes, `whsec_…` and `whpk_…`, the newest first.
    pub receivers: BTreeMap<String, Vec<String>>,
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
    /// A free port, no keys, nothing kept and nothing wrong: what a test wants.
    pub fn ephemeral() -> Self {
        Self {
            port: 0,
            receivers: BTreeMap::new(),
            data: None,
            faults: Faults::default(),
            seed: 0,
            clock: Clock::system(),
        }
    }

    /// Reads the settings of the README.
    ///
    /// # Errors
    /// A setting makes no sense, named with an example.
    pub fn from_settings(settings: &Settings) -> Result<Self, StartError> {
        let common = settings.common::<Faults>("PARTNER", DEFAULT_PORT)?;
        let receivers = match settings.text(RECEIVERS) {
            None => BTreeMap::new(),
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?
            }
        };
        Ok(Self {
            port: common.port,
            receivers,
            data: settings.text("DATA_DIR").map(PathBuf::from),
            faults: common.faults,
            seed: common.seed,
            clock: common.clock,
        })
    }

    pub(crate) fn receivers(&self) -> Result<Vec<Receiver>, StartError> {
        let each = self.receivers.iter().map(|(name, keys)| Receiver::new(name, keys.clone()));
        each.collect::<Result<_, _>>().map_err(refused)
    }
}

fn refused(why: String) -> StartError {
    StartError::Setting { name: RECEIVERS.to_owned(), why, example: RECEIVERS_EXAMPLE }
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
        assert_eq!((plain.port, plain.receivers.len(), plain.data), (7084, 0, None));
        let set = options(&[(RECEIVERS, RECEIVERS_EXAMPLE)]).unwrap();
        assert_eq!(set.receivers().unwrap().len(), 1);
        for (name, wrong) in [
            (RECEIVERS, "rubbish"),
            ("PARTNER_FAULTS", "rubbish!"),
            ("PARTNER_SEED", "x"),
            ("PORT", "x"),
        ] {
            let error = options(&[(name, wrong)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("for example"), "{error}");
        }
        let no_key = options(&[(RECEIVERS, r#"{"main": ["secret"]}"#)]).unwrap();
        assert!(no_key.receivers().unwrap_err().to_string().contains("whsec_"));
    }
}
