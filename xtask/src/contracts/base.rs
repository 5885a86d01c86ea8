//! What an app's contracts are compared with: its last release.

use std::collections::BTreeSet;

use crate::{failure::Failure, git::Git, workspace::Workspace};

/// Where the pipeline marks what all of production has: `released/<app>/<time>`, a time such as `20260301T101500Z`.
/// docs/decisions/0024-breaking-changes.md
const RELEASED: &str = "refs/tags/released/";

/// A commit, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    pub(crate) name: String,
    pub(crate) commit: String,
}

/// Every app that is or was there, with what it is compared with; nothing for one that was never released.
pub(crate) fn bases(
    workspace: &Workspace,
    git: &Git,
    base: Option<&str>,
) -> Result<Vec<(String, Option<Base>)>, Failure> {
    let mut apps: BTreeSet<String> = current_apps(workspace)?.into_iter().collect();
    if let Some(name) = base {
        let commit = git.commit(name)?.ok_or_else(|| Failure::NoBase { name: name.to_owned() })?;
        apps.extend(apps_of(git, &commit)?);
        let base = Base { name: name.to_owned(), commit };
        return Ok(apps.into_iter().map(|app| (app, Some(base.clone()))).collect());
    }
    let releases = releases(git)?;
    if releases.is_empty() && git.is_shallow()? {
        return Err(Failure::Shallow);
    }
    apps.extend(releases.iter().map(|(app, _)| app.clone()));
    let last = |app: &String| {
        // In the order of their times, which is that of their names.
        releases.iter().rev().find(|(of, _)| of == app).map(|(_, base)| base.clone())
    };
    Ok(apps
        .into_iter()
        .map(|app| {
            let base = last(&app);
            (app, base)
        })
        .collect())
}

/// A new app may have a contract before it has code.
fn current_apps(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let folder = workspace.root().join("functions");
    let entries =
        std::fs::read_dir(&folder).map_err(|source| Failure::file("reading", &folder, source))?;
    let with_contract = entries.filter_map(Result::ok).filter(|entry| {
        entry.path().join("openapi.yaml").is_file() || entry.path().join("messages").is_dir()
    });
    Ok(with_contract.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

fn apps_of(git: &Git, commit: &str) -> Result<BTreeSet<String>, Failure> {
    let files = git.files(commit, &["functions"])?;
    let contracts =
        files.iter().filter(|path| path.ends_with("/openapi.yaml") || path.contains("/messages/"));
    Ok(contracts.filter_map(|path| path.split('/').nth(1)).map(str::to_owned).collect())
}

/// Every release of every app, the oldest first.
fn releases(git: &Git) -> Result<Vec<(String, Base)>, Failure> {
    let format = "--format=%(refname) %(objectname) %(*objectname)";
    let listed = git.ask(&["for-each-ref", "--sort=refname", format, RELEASED])?;
    let mut releases = Vec::new();
    for line in listed.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(object)) = (words.next(), words.next()) else { continue };
        // An annotated tag has an object of its own.
        let commit = words.next().unwrap_or(object).to_owned();
        let short = name.trim_start_matches("refs/tags/");
        let Some((app, _)) = name.trim_start_matches(RELEASED).split_once('/') else { continue };
        releases.push((app.to_owned(), Base { name: short.to_owned(), commit }));
    }
    Ok(releases)
}
