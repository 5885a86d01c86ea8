//! How fast the mainframe works.

use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use simulator_shell::line;

use crate::Window;

/// The fastest and slowest rate that can be asked for; beyond the fastest there is no rate at all.
const RATE_RANGE: std::ops::RangeInclusive<f64> = 0.001..=100_000.0;
/// The longest that one message may take.
const MAX_SECONDS_PER_MESSAGE: f64 = 20.0;
/// The longest that a taken message may be hidden.
const MAX_VISIBILITY_S: u32 = 3_600;

/// How fast messages are taken, and when. As a text `unlimited`, or any of its fields such as
/// `messagesPerSecond=20,secondsPerMessage=0.2`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Pace {
    /// How many messages are taken in a second; `None` takes what there is.
    pub messages_per_second: Option<f64>,
    /// How long the work on a message takes, in seconds, 0 to 20. Messages that were taken together are worked on
    /// together.
    pub seconds_per_message: f64,
    /// For how long a message is hidden beyond the work on it, in seconds: after a crash it comes again about so much
    /// later.
    pub visibility_seconds: u32,
    /// The open hours.
    pub window: Window,
}

impl Default for Pace {
    /// Slow, as mainframes are: 20 messages a second, each in 0.2 s, day and night.
    fn default() -> Self {
        Self {
            messages_per_second: Some(20.0),
            seconds_per_message: 0.2,
            visibility_seconds: 30,
            window: Window::always(),
        }
    }
}

impl Pace {
    /// As fast as it can.
    pub fn unlimited() -> Self {
        Self { messages_per_second: None, seconds_per_message: 0.0, ..Self::default() }
    }

    /// The same, if its numbers are in range.
    pub(crate) fn checked(self) -> Result<Self, String> {
        if let Some(rate) = self.messages_per_second
            && !RATE_RANGE.contains(&rate)
        {
            return Err(format!(
                "messagesPerSecond is {rate}, not from 0.001 to 100000, or null for no limit"
            ));
        }
        if !(0.0..=MAX_SECONDS_PER_MESSAGE).contains(&self.seconds_per_message) {
            return Err(format!(
                "secondsPerMessage is {}, not from 0 to 20",
                self.seconds_per_message
            ));
        }
        if !(1..=MAX_VISIBILITY_S).contains(&self.visibility_seconds) {
            return Err(format!(
                "visibilitySeconds is {}, not from 1 to 3600",
                self.visibility_seconds
            ));
        }
        Ok(self)
    }

    /// How long the work on a message takes.
    pub(crate) fn work(&self) -> Duration {
        Duration::from_secs_f64(self.seconds_per_message)
    }

    /// For how long a message is hidden when it is taken, in whole seconds: the work, and time to answer.
    pub(crate) fn visibility(&self) -> Duration {
        Duration::from_secs(u64::from(self.visibility_seconds) + self.work().as_secs())
    }
}

impl FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "unlimited" => Ok(Self::unlimited()),
            text => line::read::<Self>(text)?.checked(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_written_as_unlimited_or_by_its_fields() {
        assert_eq!("unlimited".parse(), Ok(Pace::unlimited()));
        let pace =
            Pace { messages_per_second: Some(5.0), visibility_seconds: 2, ..Pace::default() };
        assert_eq!("messagesPerSecond=5, visibilitySeconds=2".parse(), Ok(pace));
        for wrong in [
            "fast",
            "messagesPerSecond=0",
            "secondsPerMessage=21",
            "visibilitySeconds=0",
            "speed=1",
        ] {
            assert!(wrong.parse::<Pace>().is_err(), "{wrong}");
        }
    }
}
