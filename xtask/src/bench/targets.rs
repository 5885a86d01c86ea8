//! What is to be reached: `docs/benchmarks/targets.json`.

use serde::Deserialize;

use super::results::{Bound, Of, Results};

/// Where the targets are, from the workspace's folder.
pub(crate) const FILE: &str = "docs/benchmarks/targets.json";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Targets {
    pub(crate) targets: Vec<Target>,
}

/// A bound of one figure, or of one figure by another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// In words.
    pub(crate) what: String,
    pub(crate) unit: String,
    /// `part/key/contender` in the results.
    pub(crate) value: String,
    /// The figure that it is divided by, if it is a part of another.
    pub(crate) by: Option<String>,
    pub(crate) bound: Bound,
    pub(crate) asked: f64,
    /// Why it is missed, or not measured. It may stay when the target is reached, and is not shown then.
    pub(crate) why: Option<String>,
}

/// How it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Standing {
    Reached(Of),
    Missed(Of),
    NotMeasured,
}

impl Target {
    pub(crate) fn standing(&self, results: &Results) -> Standing {
        let Some(value) = self.measured(results) else { return Standing::NotMeasured };
        if self.bound.holds(value.median, self.asked) {
            Standing::Reached(value)
        } else {
            Standing::Missed(value)
        }
    }

    fn measured(&self, results: &Results) -> Option<Of> {
        let value = results.of(&self.value)?;
        let Some(by) = &self.by else { return Some(value) };
        let by = results.of(by)?;
        Some(Of {
            median: value.median / by.median,
            low: value.low / by.high,
            high: value.high / by.low,
            rounds: value.rounds.min(by.rounds),
        })
    }
}

impl Targets {
    /// The targets that are not reached, and for which nobody says why.
    pub(crate) fn unexplained(&self, results: &Results) -> Vec<String> {
        let is_silent = |target: &&Target| {
            !matches!(target.standing(results), Standing::Reached(_))
                && target.why.as_deref().is_none_or(|why| why.trim().is_empty())
        };
        let silent = self.targets.iter().filter(is_silent);
        silent
            .map(|target| format!("{FILE}: \"{}\" is not reached: say why in `why`", target.what))
            .collect()
    }
}
