//! When the mainframe takes messages: its open hours.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The hours of every day, in UTC, in which messages are taken. As a text `always` or `06:00-22:00`; `22:00-06:00`
/// goes past midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window(Option<(Time, Time)>);

/// A text that is no window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("window {0:?} is neither `always` nor two different times of a day such as 06:00-22:00")]
pub struct WindowError(String);

impl Window {
    /// Open day and night.
    pub fn always() -> Self {
        Self(None)
    }

    /// Whether messages are taken at that moment.
    pub(crate) fn is_open(self, at: Timestamp) -> bool {
        let Some((opens, closes)) = self.0 else { return true };
        let time = TimeZone::UTC.to_datetime(at).time();
        if opens < closes { opens <= time && time < closes } else { opens <= time || time < closes }
    }

    /// When it opens next, at or after that moment.
    pub(crate) fn opens_at(self, at: Timestamp) -> Timestamp {
        let Some((opens, _)) = self.0 else { return at };
        if self.is_open(at) {
            return at;
        }
        let time = TimeZone::UTC.to_datetime(at).time();
        let wait = time.duration_until(opens);
        let wait = if wait.is_negative() { wait + DAY } else { wait };
        at.checked_add(wait).unwrap_or(at)
    }
}

impl FromStr for Window {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "always" {
            return Ok(Self::always());
        }
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        text.split_once('-')
            .and_then(|(opens, closes)| Some((time(opens)?, time(closes)?)))
            .filter(|(opens, closes)| opens != closes)
            .map(|hours| Self(Some(hours)))
            .ok_or_else(|| WindowError(text.to_owned()))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("always"),
            Some((opens, closes)) => {
                write!(f, "{}-{}", opens.strftime("%H:%M"), closes.strftime("%H:%M"))
            }
        }
    }
}

impl serde::Serialize for Window {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-03-01T{time}Z").parse().unwrap()
    }

    #[test]
    fn a_window_is_open_from_its_first_minute_to_before_its_last() {
        let day: Window = "06:00-22:00".parse().unwrap();
        for (time, open) in
            [("05:59:59", false), ("06:00:00", true), ("21:59:59", true), ("22:00:00", false)]
        {
            assert_eq!(day.is_open(at(time)), open, "{time}");
        }
        assert_eq!(day.opens_at(at("22:30:00")), "2026-03-02T06:00:00Z".parse().unwrap());
        assert_eq!(day.opens_at(at("05:00:00")), at("06:00:00"));
        assert_eq!(day.opens_at(at("12:00:00")), at("12:00:00"));
    }

    #[test]
    fn a_window_may_go_past_midnight() {
        let night: Window = "22:00-06:00".parse().unwrap();
        for (time, open) in
            [("21:59:59", false), ("23:00:00", true), ("05:59:59", true), ("06:00:00", false)]
        {
            assert_eq!(night.is_open(at(time)), open, "{time}");
        }
        assert_eq!(night.opens_at(at("12:00:00")), at("22:00:00"));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in ["", "06:00", "06:00-06:00", "25:00-26:00", "sometimes"] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
        assert_eq!("always".parse::<Window>().unwrap().to_string(), "always");
        assert_eq!("6:00-22:00".parse::<Window>().unwrap().to_string(), "06:00-22:00");
    }
}
