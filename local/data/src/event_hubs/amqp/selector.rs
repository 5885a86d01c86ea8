//! Where a reader begins: the filter of its link, `amqp.annotation.x-opt-offset > '1024'`.

use fe2o3_amqp::types::{messaging::FilterSet, primitives::Value};
use jiff::Timestamp;

use crate::event_hubs::{position::Position, refusal::Refusal};

const SELECTOR: &str = "apache.org:selector-filter:string";

/// The position that a link's filter asks for; the start of the partition without one.
pub(super) fn position(filter: Option<&FilterSet>) -> Result<Position, Refusal> {
    let mut filters = filter.into_iter().flat_map(|filter| filter.iter());
    let value = filters.find(|(name, _)| name.0 == SELECTOR).map(|(_, value)| value);
    match value {
        None => Ok(Position::Start),
        Some(value) => text(value).map_or_else(|| Err(not_a_selector("")), parse),
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Described(described) => text(&described.value),
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn parse(selector: &str) -> Result<Position, Refusal> {
    read(selector).ok_or_else(|| not_a_selector(selector))
}

fn read(selector: &str) -> Option<Position> {
    let rest = selector.trim().strip_prefix("amqp.annotation.")?;
    let (annotation, rest) = rest.split_once(char::is_whitespace)?;
    let rest = rest.trim_start().strip_prefix('>')?;
    let (is_inclusive, rest) = match rest.strip_prefix('=') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let value = rest.trim().trim_matches('\'');
    let before = i64::from(is_inclusive);
    match (annotation, value) {
        ("x-opt-offset", "@latest") => Some(Position::End),
        ("x-opt-offset", "-1") => Some(Position::Start),
        ("x-opt-offset", offset) => {
            Some(Position::AfterOffset(offset.parse::<i64>().ok()? - before))
        }
        ("x-opt-sequence-number", number) => {
            let number: i64 = number.parse().ok()?;
            Some(Position::Sequence(number.saturating_add(1 - before)))
        }
        ("x-opt-enqueued-time", milliseconds) => {
            let after = milliseconds.parse::<i64>().ok()?.saturating_sub(before);
            Timestamp::from_millisecond(after).ok().map(Position::AfterTime)
        }
        _ => None,
    }
}

fn not_a_selector(selector: &str) -> Refusal {
    Refusal::Malformed(format!(
        "{selector:?} is no filter of an event hub: write amqp.annotation.x-opt-offset, x-opt-sequence-number or \
         x-opt-enqueued-time, > or >=, and the value in quotes"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_the_sdks_are_positions() {
        for (selector, position) in [
            ("amqp.annotation.x-opt-offset > '-1'", Position::Start),
            ("amqp.annotation.x-opt-offset > '@latest'", Position::End),
            ("amqp.annotation.x-opt-offset > '1024'", Position::AfterOffset(1024)),
            ("amqp.annotation.x-opt-offset >= '1024'", Position::AfterOffset(1023)),
            ("amqp.annotation.x-opt-sequence-number > '7'", Position::Sequence(8)),
            ("amqp.annotation.x-opt-sequence-number >= '7'", Position::Sequence(7)),
            (
                "amqp.annotation.x-opt-enqueued-time > '1767323045678'",
                Position::AfterTime("2026-01-02T03:04:05.678Z".parse().unwrap()),
            ),
        ] {
            assert_eq!(parse(selector), Ok(position), "{selector}");
        }
        for selector in
            ["", "amqp.annotation.x-opt-offset < '1'", "amqp.annotation.x-opt-key > '1'"]
        {
            assert!(matches!(parse(selector), Err(Refusal::Malformed(_))), "{selector}");
        }
    }
}
