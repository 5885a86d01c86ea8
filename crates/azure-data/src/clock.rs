//! The clock that the settings ask for.

use custom_handler::{Setting, Settings, SettingsError};
use std::str::FromStr;
use values::{Clock, ClockError};

/// Set by the local host where time is travelled: the file with the clock's offset.
const OFFSET_FILE: Setting = Setting::new(
    "CLOCK_OFFSET_FILE",
    "the file with the clock's offset, on a laptop and in tests only",
    "/tmp/clock-offset",
);
/// Set by Azure where there is a managed identity.
const IDENTITY_ENDPOINT: &str = "IDENTITY_ENDPOINT";

/// The system's clock, or with `CLOCK_OFFSET_FILE` one that goes by the offset in that file ([`Clock`]).
///
/// # Errors
/// The file holds no offset, or there is a managed identity (`IDENTITY_ENDPOINT`): a clock in Azure is never turned.
/// It is noted in `settings`, which reports everything that is wrong at once.
pub fn clock(settings: &Settings) -> Result<Clock, SettingsError> {
    // Looked at first as the platform's, because it is no setting that anybody gives to an app.
    if settings.platform(OFFSET_FILE.name).is_none() {
        return Ok(Clock::system());
    }
    if settings.platform(IDENTITY_ENDPOINT).is_some() {
        return settings.value::<InAzure>(&OFFSET_FILE).map(|InAzure(clock)| clock);
    }
    settings.value::<OnLaptop>(&OFFSET_FILE).map(|OnLaptop(clock)| clock)
}

struct OnLaptop(Clock);

impl FromStr for OnLaptop {
    type Err = ClockError;
    fn from_str(path: &str) -> Result<Self, ClockError> {
        Clock::from_env_values(Some(path), false).map(Self)
    }
}

struct InAzure(Clock);

impl FromStr for InAzure {
    type Err = ClockError;
    fn from_str(path: &str) -> Result<Self, ClockError> {
        Clock::from_env_values(Some(path), true).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_turned_on_a_laptop_and_never_in_azure() {
        let none: [(&str, &str); 0] = [];
        assert!(clock(&Settings::from_map(none)).is_ok());
        let nowhere = Settings::from_map([("CLOCK_OFFSET_FILE", "no/such/file")]);
        assert!(clock(&nowhere).unwrap_err().to_string().contains("reading the clock's offset"));
        let in_azure = Settings::from_map([
            ("CLOCK_OFFSET_FILE", "no/such/file"),
            ("IDENTITY_ENDPOINT", "http://127.0.0.1/"),
        ]);
        let refused = clock(&in_azure).unwrap_err().to_string();
        assert!(refused.contains("never where there is a managed identity"), "{refused}");
        assert!(clock(&Settings::describing()).is_ok());
    }
}
