//! Where the deployments are written.

use std::{fs, path::Path};

use super::deployments::{self, Deployment};
use crate::{failure::Failure, git::Git, workspace::Workspace};

const FILE: &str = "deployments.jsonl";
/// The branch that the pipeline writes to, as it was fetched and as it is here.
const BRANCHES: [&str; 2] = ["refs/remotes/origin/deployments", "refs/heads/deployments"];

/// The deployments, or every line that is none. Without any file there are none.
pub(crate) fn deployments(
    workspace: &Workspace,
    git: &Git,
    file: Option<&Path>,
    notes: &mut Vec<String>,
) -> Result<Result<Vec<Deployment>, Vec<String>>, Failure> {
    let own = workspace.root().join(FILE);
    let path = match file {
        Some(file) => Some(file),
        None => own.is_file().then_some(own.as_path()),
    };
    if let Some(path) = path {
        let text =
            fs::read_to_string(path).map_err(|source| Failure::file("reading", path, source))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return Ok(deployments::read(&name, &text, notes));
    }
    for branch in BRANCHES {
        if let Ok(text) = git.file(branch, Path::new(FILE)) {
            return Ok(deployments::read(FILE, &text, notes));
        }
    }
    notes.push(format!(
        "no {FILE} here and no branch `deployments`: nothing was deployed, or `git fetch origin deployments` brings it"
    ));
    Ok(Ok(Vec::new()))
}
