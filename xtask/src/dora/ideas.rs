//! From an operation in a contract to its first customer.

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;

use super::{changes::Carried, history::seconds, operations};
use crate::{failure::Failure, git::Git, workspace::Workspace};

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Idea {
    /// When it came into the contract, on main.
    pub(crate) idea: Timestamp,
    /// When its function came, or, if its folder was there before, when that changed next.
    pub(crate) code: Option<Timestamp>,
    /// When a deployment first carried that.
    pub(crate) production: Option<Timestamp>,
}

/// Every operation that an app's contract has now.
pub(crate) fn of(
    workspace: &Workspace,
    git: &Git,
    app: &str,
    carried: &Carried,
) -> Result<Vec<Idea>, Failure> {
    let contract = format!("functions/{app}/openapi.yaml");
    let file = workspace.root().join(&contract);
    let Ok(text) = std::fs::read_to_string(&file) else { return Ok(Vec::new()) };
    let current = operations::declared(&text);
    let answered = operations::answered(workspace.root(), app)?;
    let line: Vec<(String, Timestamp)> = commits(git, &contract);
    let mut first: BTreeMap<String, (String, Timestamp)> = BTreeMap::new();
    for (commit, committed) in line {
        let Ok(text) = git.file(&commit, Path::new(&contract)) else { continue };
        for operation in operations::declared(&text) {
            first.entry(operation).or_insert_with(|| (commit.clone(), committed));
        }
    }
    let mut folders: BTreeMap<String, Vec<(String, Timestamp)>> = BTreeMap::new();
    let mut ideas = Vec::new();
    for operation in current {
        // Only in the working tree yet.
        let Some((_, idea)) = first.get(&operation).cloned() else { continue };
        let code = answered.get(&operation).and_then(|folder| {
            let changes = folders.entry(folder.clone()).or_insert_with(|| commits(git, folder));
            changes.iter().find(|(_, committed)| *committed >= idea).cloned()
        });
        let production = code.as_ref().and_then(|(commit, _)| {
            carried.first_with(commit).map(|release| carried.releases[release].finished)
        });
        ideas.push(Idea { idea, code: code.map(|(_, committed)| committed), production });
    }
    Ok(ideas)
}

/// The commits of the branch that is checked out that change a path, the oldest first; none where there is no history.
fn commits(git: &Git, path: &str) -> Vec<(String, Timestamp)> {
    let arguments = ["log", "--first-parent", "--reverse", "--format=%H %ct", "HEAD", "--", path];
    let listed = git.ask(&arguments).unwrap_or_default();
    let pair = |line: &str| line.split_once(' ').map(|(id, time)| (id.to_owned(), seconds(time)));
    listed.lines().filter_map(pair).collect()
}
