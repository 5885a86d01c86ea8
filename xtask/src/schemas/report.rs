//! What was found, for people and for programs.

use std::{fmt, time::Duration};

use schema_compatibility::Finding;
use serde::Serialize;
use serde_json::json;

/// A file that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Broken {
    path: String,
    rule: &'static str,
    what: String,
    remedy: &'static str,
}

/// All that was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) findings: Vec<Finding>,
    pub(crate) broken: Vec<Broken>,
    types: usize,
    released: usize,
    versions: usize,
}

impl Broken {
    pub(crate) fn changed(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            rule: "release-changed",
            what: "it is not what was released".to_owned(),
            remedy: "restore it from its first commit, change the schema itself, and release that",
        }
    }

    pub(crate) fn gone(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            rule: "release-removed",
            what: "it was released and is gone".to_owned(),
            remedy: "restore it: what was sent by it is still read",
        }
    }

    pub(crate) fn no_schema(folder: &str) -> Self {
        Self {
            path: folder.to_owned(),
            rule: "type-removed",
            what: "it was released, and its schema is gone from the folder above".to_owned(),
            remedy: "put the schema back; a type that nobody reads any more goes with its releases",
        }
    }

    pub(crate) fn renamed(path: &str, before: &str, now: &str) -> Self {
        Self {
            path: path.to_owned(),
            rule: "type-renamed",
            what: format!("{before} → {now}"),
            remedy: "write the new type into a file of its own and send both for a while",
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]: {}", self.path, self.what, self.rule, self.remedy)
    }
}

impl Report {
    /// Counts a type with its released versions.
    pub(crate) fn counts(&mut self, versions: usize) {
        self.types += 1;
        self.released += usize::from(versions > 0);
        self.versions += versions;
    }

    pub(crate) fn breaks(&self) -> bool {
        !self.findings.is_empty() || !self.broken.is_empty()
    }

    pub(crate) fn shown(&self, as_json: bool, took: Duration) -> String {
        let Self { findings, broken, types, released, versions } = self;
        if as_json {
            return json!({
                "types": types, "released": released, "versions": versions,
                "findings": findings, "broken": broken,
            })
            .to_string();
        }
        let mut lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        lines.extend(broken.iter().map(ToString::to_string));
        lines.push(format!(
            "{types} event types, {released} released in {versions} versions: {} found in {} ms",
            findings.len() + broken.len(),
            took.as_millis(),
        ));
        lines.join("\n")
    }
}
