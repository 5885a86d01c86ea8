//! What was measured: `docs/benchmarks/results.json`.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Where the results are, from the workspace's folder.
pub(crate) const FILE: &str = "docs/benchmarks/results.json";

/// All parts by name, each as it was measured last.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) parts: BTreeMap<String, Part>,
}

/// What one run of a part said.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) measured: Measured,
    /// Of what was compared, as it was installed.
    pub(crate) versions: BTreeMap<String, String>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) notes: Vec<String>,
}

/// When, where and of what.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Measured {
    /// Such as `2026-11-30`, UTC.
    pub(crate) date: String,
    pub(crate) commit: String,
    /// Whether files differed from the commit.
    pub(crate) changed: bool,
    /// Shorter than it should be: an impression.
    pub(crate) quick: bool,
    /// How the programs were built.
    pub(crate) build: String,
    pub(crate) took_s: u64,
    pub(crate) machine: Machine,
}

/// Where. Not its name, which is nobody's business.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: f64,
    pub(crate) kernel: String,
    /// How busy all cores were with other things before it began.
    pub(crate) busy_before_percent: f64,
}

/// What the script of a part writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    pub(crate) figures: Vec<Figure>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) versions: BTreeMap<String, String>,
}

/// A row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figure {
    pub(crate) key: String,
    pub(crate) name: String,
    /// Empty if the name says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) better: Option<Better>,
    /// By contender.
    pub(crate) of: BTreeMap<String, Of>,
    /// What the script itself asks of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<Asked>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    Lower,
    Higher,
}

/// What one contender's rounds said.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) rounds: usize,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) value: f64,
    pub(crate) bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Bound {
    #[serde(rename = "at most")]
    AtMost,
    #[serde(rename = "at least")]
    AtLeast,
}

impl Bound {
    pub(crate) fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::AtMost => value <= bound,
            Self::AtLeast => value >= bound,
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
        }
    }
}

impl Results {
    /// Those of a workspace; none if nothing was measured yet.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        if root.join(FILE).is_file() { read(&root.join(FILE)) } else { Ok(Self::default()) }
    }

    pub(crate) fn write(&self, root: &Path) -> Result<(), Failure> {
        let path = root.join(FILE);
        let text = serde_json::to_string_pretty(self)
            .map_err(|source| Failure::Json { what: FILE.to_owned(), source })?;
        fs::write(&path, text + "\n").map_err(|source| Failure::file("writing", &path, source))
    }

    /// A figure of a contender: `part/key/contender`.
    pub(crate) fn of(&self, place: &str) -> Option<Of> {
        let mut words = place.splitn(3, '/');
        let (part, key, contender) = (words.next()?, words.next()?, words.next()?);
        let figures = &self.parts.get(part)?.figures;
        figures.iter().find(|figure| figure.key == key)?.of.get(contender).copied()
    }
}

/// JSON of a file.
pub(crate) fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path).map_err(|source| Failure::file("reading", path, source))?;
    serde_json::from_str(&text)
        .map_err(|source| Failure::Json { what: path.display().to_string(), source })
}
