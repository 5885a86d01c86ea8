//! `deployments.jsonl`: a line for each deployment, and one more when it ends.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};

/// One deployment, as the pipeline wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Deployment {
    pub(crate) app: String,
    pub(crate) environment: String,
    /// Where several places get it one after the other.
    pub(crate) region: String,
    pub(crate) sha: String,
    pub(crate) started: Timestamp,
    pub(crate) end: End,
    pub(crate) line: usize,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    None,
    Failed,
    Succeeded(Timestamp),
}

const SUCCEEDED: [&str; 4] = ["succeeded", "success", "successful", "ok"];
const FAILED: [&str; 6] = ["failed", "failure", "error", "canceled", "cancelled", "rolled-back"];

/// All deployments, each once; or every line that is none.
pub(crate) fn read(
    file: &str,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<Deployment>, Vec<String>> {
    let (mut found, mut wrong, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = index + 1;
        match deployment(line.trim_start_matches('\u{feff}'), number) {
            Ok(deployment) => {
                let same = Deployment { line: 0, ..deployment.clone() };
                if seen.insert(same) {
                    found.push(deployment);
                } else {
                    notes.push(format!("{file}:{number}: the same as a line before: counted once"));
                }
            }
            Err(problem) => wrong.push(format!("{file}:{number}: {problem}")),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

fn deployment(line: &str, number: usize) -> Result<Deployment, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    let members = value.as_object().ok_or("no object; write {\"app\": …, \"environment\": …}")?;
    let started =
        time(members, "started")?.ok_or("`started` is missing; write 2026-03-01T10:15:00Z")?;
    let finished = time(members, "finished")?;
    let result = optional(members, "result")?.map(str::to_lowercase);
    let end = match (result.as_deref(), finished) {
        (None, None) => End::None,
        (Some(result), _) if FAILED.contains(&result) => End::Failed,
        (Some(result), Some(finished)) if SUCCEEDED.contains(&result) => End::Succeeded(finished),
        (Some(result), None) if SUCCEEDED.contains(&result) => {
            return Err("`finished` is missing of a deployment that succeeded".to_owned());
        }
        (Some(result), _) => {
            return Err(format!("`result` is `{result}`; write succeeded, failed or cancelled"));
        }
        (None, Some(_)) => {
            return Err("`result` is missing of a deployment that finished".to_owned());
        }
    };
    let sha = text(members, "sha")?.to_lowercase();
    if !is_sha(&sha) {
        return Err(format!("`sha` is `{sha}`; write the commit's id, 7 to 64 hexadecimal digits"));
    }
    Ok(Deployment {
        app: text(members, "app")?.to_owned(),
        environment: text(members, "environment")?.to_owned(),
        region: optional(members, "region")?.unwrap_or_default().to_owned(),
        sha,
        started,
        end,
        line: number,
    })
}

/// Whether a text can be the id of a commit.
pub(crate) fn is_sha(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.chars().all(|character| character.is_ascii_hexdigit())
}

fn optional<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(format!("`{name}` is {other}; write a text")),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    optional(members, name)?.ok_or_else(|| format!("`{name}` is missing"))
}

fn time(members: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, String> {
    let Some(text) = optional(members, name)? else { return Ok(None) };
    let time = text.parse().map_err(|_| {
        format!("`{name}` is `{text}`; write a time with its zone, such as 2026-03-01T10:15:00Z")
    })?;
    Ok(Some(time))
}

/// Those of one environment, in the order in which they ended. Of the two lines of a deployment the last counts.
pub(crate) fn of_environment(
    all: Vec<Deployment>,
    environment: &str,
    notes: &mut Vec<String>,
) -> Vec<Deployment> {
    let mut found: BTreeMap<_, Deployment> = BTreeMap::new();
    let mut more = Vec::new();
    for deployment in all.into_iter().filter(|deployment| deployment.environment == environment) {
        let Deployment { app, region, sha, started, .. } = deployment.clone();
        match found.get_mut(&(app.clone(), region.clone(), sha.clone(), started)) {
            None => drop(found.insert((app, region, sha, started), deployment)),
            Some(there) if there.end == End::None => *there = deployment,
            Some(_) if deployment.end == End::None => {}
            Some(_) => more.push(deployment),
        }
    }
    let mut found: Vec<Deployment> = found.into_values().chain(more).collect();
    found.sort_by_key(|deployment| match deployment.end {
        End::Succeeded(finished) => (finished, deployment.started, deployment.line),
        _ => (deployment.started, deployment.started, deployment.line),
    });
    for deployment in &found {
        let named = deployment.named();
        match deployment.end {
            End::None => notes.push(format!("{named} never finished: not counted")),
            End::Succeeded(finished) if finished < deployment.started => {
                notes.push(format!(
                    "{named} finished before it started: by a wrong clock; the end counts"
                ));
            }
            _ => {}
        }
    }
    found
}

impl Deployment {
    /// What notes call it.
    pub(crate) fn named(&self) -> String {
        let sha = &self.sha[..self.sha.len().min(12)];
        format!("{}: the deployment of {sha} of {}", self.app, self.started)
    }
}
