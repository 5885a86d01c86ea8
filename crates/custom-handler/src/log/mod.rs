//! Structured logs: one JSON object per line on standard output, which the host takes as information; on a terminal, lines
//! for people.

mod fields;
mod lines;

use std::io::IsTerminal;

use thiserror::Error;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;

use self::lines::{Form, Lines};
use crate::metric::METRIC;
use crate::telemetry::Telemetry;

/// A text that says no level.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no level; use error, warn, info, debug or trace, or levels by target such as info,hyper=warn"
)]
pub(crate) struct InvalidLevel(String);

/// Sends everything from the level on to standard output, and to where telemetry goes. Levels may be given by target:
/// `info,azure_core=warn`.
pub(crate) fn init(levels: &str, telemetry: Option<&Telemetry>) -> Result<(), InvalidLevel> {
    let levels = filter(levels)?;
    let form = if std::io::stdout().is_terminal() { Form::ForPeople } else { Form::Json };
    let lines = Lines { out: std::io::stdout, form }.with_filter(levels.clone());
    let subscriber = tracing_subscriber::registry().with(lines);
    // Only a second call could fail, in a program that has its own logging: then that one stays.
    let _ = match telemetry {
        None => tracing::subscriber::set_global_default(subscriber),
        Some(telemetry) => tracing::subscriber::set_global_default(
            subscriber.with(telemetry.records(levels)).with(telemetry.spans()),
        ),
    };
    Ok(())
}

fn filter(levels: &str) -> Result<Targets, InvalidLevel> {
    for directive in levels.split(',') {
        // A bare word that is no level would be taken for a target, and silence everything else.
        let level = directive.split_once('=').map_or(directive, |(_, level)| level).trim();
        if level.is_empty() || level.parse::<LevelFilter>().is_err() {
            return Err(InvalidLevel(directive.to_owned()));
        }
    }
    let targets: Targets = levels.parse().map_err(|_| InvalidLevel(levels.to_owned()))?;
    // Numbers that metrics are made of are there whatever else is logged, unless somebody says otherwise of them.
    let says_metric = levels.split(',').any(|one| one.trim().starts_with("metric="));
    let targets =
        if says_metric { targets } else { targets.with_target(METRIC, LevelFilter::INFO) };
    // A client that hangs up is no error of ours, and the only thing the server would report.
    Ok(targets.with_target("warp", LevelFilter::OFF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn numbers_for_metrics_are_logged_at_any_level_unless_their_own_is_said() {
        for levels in ["info", "warn", "off", "warn,app=error"] {
            assert!(filter(levels).unwrap().would_enable("metric", &Level::INFO), "{levels}");
        }
        assert!(!filter("info,metric=off").unwrap().would_enable("metric", &Level::INFO));
        assert!(!filter("warn").unwrap().would_enable("app", &Level::INFO));
    }

    #[test]
    fn levels_are_one_for_all_or_one_for_each_target() {
        for levels in ["info", "WARN", "info,azure_core=warn", "off", "error, hyper=debug"] {
            assert!(filter(levels).is_ok(), "{levels}");
        }
        for levels in ["", "loud", "app=loud", "info,loud", "info,"] {
            assert!(filter(levels).is_err(), "{levels}");
        }
    }
}
