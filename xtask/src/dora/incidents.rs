//! `incidents/`: what went wrong, a file for each, and which deployment it came with. `incidents/README.md` has the form.

use std::{collections::BTreeMap, fs, path::Path};

use jiff::Timestamp;

use super::{deployments::is_sha, figures::Facts};
use crate::{failure::Failure, git::Git};

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Incident {
    pub(crate) file: String,
    pub(crate) opened: Timestamp,
    pub(crate) resolved: Option<Timestamp>,
    pub(crate) caused_by: Option<String>,
    /// The app, where the commit is part of several.
    pub(crate) app: Option<String>,
}

/// An incident and the release that first had what caused it.
#[derive(Debug, Clone)]
pub(crate) struct Caused {
    pub(crate) app: String,
    pub(crate) release: usize,
    pub(crate) opened: Timestamp,
    pub(crate) resolved: Option<Timestamp>,
}

const KNOWN: [&str; 4] = ["opened", "resolved", "causedBy", "app"];

/// All incidents of a folder, by the names of their files; or everything that is wrong with them.
pub(crate) fn read(folder: &Path) -> Result<Vec<Incident>, Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let entries = fs::read_dir(folder).map_err(|error| vec![format!("{name}: {error}")])?;
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for path in files {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !file.ends_with(".md") || file == "README.md" {
            continue;
        }
        let read = fs::read_to_string(&path).map_err(|error| error.to_string());
        match read.and_then(|text| incident(&file, &text)) {
            Ok(incident) => found.push(incident),
            Err(problem) => wrong.push(format!("{name}/{file}:{problem}")),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// Reads a file's front matter. Errors begin with the line.
fn incident(file: &str, text: &str) -> Result<Incident, String> {
    let fields = front_matter(text)?;
    let time = |name: &str| -> Result<Option<(usize, Timestamp)>, String> {
        let Some((line, value)) = fields.get(name) else { return Ok(None) };
        if value.is_empty() || value == "null" || value == "~" {
            return Ok(None);
        }
        let time = value.parse().map_err(|_| {
            format!("{line}: `{name}` is `{value}`; write a time with its zone, such as 2026-03-01T10:15:00Z")
        })?;
        Ok(Some((*line, time)))
    };
    let (_, opened) =
        time("opened")?.ok_or("1: `opened` is missing; write opened: 2026-03-01T10:15:00Z")?;
    let resolved = time("resolved")?;
    if let Some((line, resolved)) = resolved
        && resolved < opened
    {
        return Err(format!("{line}: `resolved` is before `opened`"));
    }
    let said = |name: &str| {
        fields.get(name).filter(|(_, value)| !value.is_empty() && value != "null" && value != "~")
    };
    let caused_by = match said("causedBy") {
        Some((_, sha)) if is_sha(sha) => Some(sha.to_lowercase()),
        Some((line, other)) => {
            return Err(format!(
                "{line}: `causedBy` is `{other}`; write the commit's id, or leave it out"
            ));
        }
        None => None,
    };
    Ok(Incident {
        file: file.to_owned(),
        opened,
        resolved: resolved.map(|(_, resolved)| resolved),
        caused_by,
        app: said("app").map(|(_, app)| app.clone()),
    })
}

/// The fields between the first two lines of dashes: `name: value`, with quotes and comments as in YAML. Ids of digits only
/// would be numbers to a reader of YAML.
fn front_matter(text: &str) -> Result<BTreeMap<String, (usize, String)>, String> {
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim_end()));
    if lines.next().is_none_or(|(_, line)| line != "---") {
        return Err("1: it does not begin with `---`, the fields and `---`".to_owned());
    }
    let mut fields = BTreeMap::new();
    for (number, line) in lines {
        if line == "---" {
            return Ok(fields);
        }
        if line.trim().is_empty() || line.trim_start().starts_with('#') || line.starts_with(' ') {
            continue;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("{number}: `{line}` is no field; write name: value"))?;
        let name = name.trim().to_owned();
        let bare = |name: &str| name.replace(['_', '-'], "").to_lowercase();
        if let Some(meant) =
            KNOWN.iter().find(|known| **known != name && bare(known) == bare(&name))
        {
            return Err(format!("{number}: `{name}` is spelt `{meant}`"));
        }
        let value = match value.split_once(" #") {
            Some((value, _)) => value,
            None => value,
        };
        let value = value.trim().trim_matches(['"', '\'']).to_owned();
        if fields.insert(name.clone(), (number, value)).is_some() {
            return Err(format!("{number}: `{name}` is there twice"));
        }
    }
    Err("1: the second `---` is missing".to_owned())
}

/// The releases that the incidents came with; those that cannot be found are named.
pub(crate) fn causes(
    incidents: &[Incident],
    apps: &[Facts],
    git: &Git,
    notes: &mut Vec<String>,
) -> Result<Vec<Caused>, Failure> {
    let mut caused = Vec::new();
    for incident in incidents {
        let file = &incident.file;
        let Some(sha) = &incident.caused_by else {
            notes.push(format!("{file}: no causedBy: no deployment failed by it"));
            continue;
        };
        let full = git.commit(sha)?.unwrap_or_else(|| sha.clone());
        let of_app = |facts: &&Facts| incident.app.as_ref().is_none_or(|app| *app == facts.app);
        let mut found: Vec<(&Facts, usize)> = apps
            .iter()
            .filter(of_app)
            .filter_map(|facts| Some((facts, facts.carried.first_with(&full)?)))
            .collect();
        if found.len() > 1 {
            let touched: Vec<_> = found
                .iter()
                .filter(|(facts, _)| touches(git, &full, &facts.paths))
                .copied()
                .collect();
            if !touched.is_empty() {
                found = touched;
            }
        }
        if found.is_empty() {
            notes.push(format!("{file}: no deployment had {sha}: no deployment failed by it"));
        }
        for (facts, release) in found {
            let finished = facts.carried.releases[release].finished;
            if incident.opened < finished {
                notes.push(format!(
                    "{file}: opened before the deployment of {} finished: the deployment failed, the time to detect is left out",
                    facts.app
                ));
            }
            if incident.resolved.is_none() {
                notes.push(format!("{file}: not resolved yet ({})", facts.app));
            }
            let (app, opened, resolved) = (facts.app.clone(), incident.opened, incident.resolved);
            caused.push(Caused { app, release, opened, resolved });
        }
    }
    Ok(caused)
}

/// Whether a commit changes something below some paths. The first of all changes everything.
fn touches(git: &Git, commit: &str, paths: &[String]) -> bool {
    let before = format!("{commit}^1");
    let mut arguments = vec!["diff", "--name-only", &before, commit, "--"];
    arguments.extend(paths.iter().map(String::as_str));
    git.ask(&arguments).map_or(true, |changed| !changed.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn an_incident_says_when_and_by_what() {
        let text = "---\nopened: 2026-03-01T10:00:00+01:00\nresolved:\ncausedBy: '1234567' # digits only\ntitle: Cakes burnt\n---\nProse.";
        let expected = Incident {
            file: "a.md".to_owned(),
            opened: "2026-03-01T09:00:00Z".parse().unwrap(),
            resolved: None,
            caused_by: Some("1234567".to_owned()),
            app: None,
        };
        assert_eq!(incident("a.md", text), Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let error = |text: &str| incident("a.md", text).unwrap_err();
        let opened = "opened: 2026-03-01T10:00:00Z";
        assert_eq!(error("Prose."), "1: it does not begin with `---`, the fields and `---`");
        assert_eq!(error(&format!("---\n{opened}")), "1: the second `---` is missing");
        assert_eq!(error("---\n---"), "1: `opened` is missing; write opened: 2026-03-01T10:15:00Z");
        assert_eq!(
            error(&format!("---\n{opened}\ncaused_by: abcdef1\n---")),
            "3: `caused_by` is spelt `causedBy`"
        );
        assert_eq!(
            error(&format!("---\n{opened}\nresolved: 2026-02-01T10:00:00Z\n---")),
            "3: `resolved` is before `opened`"
        );
        assert!(error("---\nopened: yesterday\n---").starts_with("2: `opened` is `yesterday`"));
        assert!(
            error(&format!("---\n{opened}\ncausedBy: main\n---"))
                .starts_with("3: `causedBy` is `main`")
        );
    }
}
