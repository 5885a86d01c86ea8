//! The clock that everything goes by, and the levers to move it.

use jiff::SignedDuration;
use serde::Serialize;

use super::Visit;

/// What the clock shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClockView {
    /// The present, to the second.
    pub(super) now: String,
    /// How far it is ahead of the machine's clock.
    offset_ms: i64,
    /// The same for people; empty when it shows the machine's time.
    pub(super) ahead: String,
}

impl ClockView {
    pub(super) fn of(visit: &Visit) -> Self {
        let travel = &visit.page.platform.travel;
        Self::at(travel.now(), travel.offset())
    }

    fn at(now: jiff::Timestamp, offset: SignedDuration) -> Self {
        let ahead = if offset.is_zero() { String::new() } else { span(offset) };
        Self {
            now: format!("{now:.0}"),
            offset_ms: i64::try_from(offset.as_millis()).unwrap_or(i64::MAX),
            ahead,
        }
    }
}

/// Days, hours and so on, as `iommi clock advance` takes them.
fn span(offset: SignedDuration) -> String {
    let seconds = offset.as_secs();
    let parts = [
        (seconds / 86_400, 'd'),
        (seconds / 3_600 % 24, 'h'),
        (seconds / 60 % 60, 'm'),
        (seconds % 60, 's'),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    if parts.is_empty() { "less than 1s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_told_in_the_units_that_are_not_zero() {
        let ahead = |seconds: i64| {
            ClockView::at(jiff::Timestamp::UNIX_EPOCH, SignedDuration::from_secs(seconds)).ahead
        };
        assert_eq!(ahead(0), "");
        assert_eq!(ahead(31 * 86_400), "31d");
        assert_eq!(ahead(86_400 + 2 * 3_600 + 5), "1d 2h 5s");
    }
}
