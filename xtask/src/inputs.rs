//! What an app's package is made from: when none of it changes, neither does the package.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    cargo::{self, TARGET},
    failure::Failure,
    workspace::{App, Workspace},
};

/// What every package is made with.
const SHARED: [&str; 5] = [".cargo", "Cargo.lock", "Cargo.toml", "host.json", "xtask"];

/// Files and folders from the workspace's root, sorted: the app, our crates that it is built with, and what all share.
pub(crate) fn inputs(workspace: &Workspace, app: &App) -> Result<Vec<String>, Failure> {
    let arguments = [
        "tree",
        "--locked",
        "--target",
        TARGET,
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        &app.name,
    ];
    let tree = cargo::ask(workspace, &arguments)?;
    let mut inputs: BTreeSet<String> = SHARED.map(str::to_owned).into();
    inputs.extend(tree.lines().filter_map(|line| of_ours(workspace.root(), line)));
    Ok(inputs.into_iter().collect())
}

/// The folder of a crate of ours, as cargo names it: `oven v0.1.0 (/somewhere/crates/oven)`.
fn of_ours(root: &Path, line: &str) -> Option<String> {
    let path = PathBuf::from(line.split_once('(')?.1.split_once(')')?.0);
    Some(path.strip_prefix(root).ok()?.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_crates_are_known_by_their_folder() {
        let root = Path::new("/work");
        let folder = |line| of_ours(root, line);
        assert_eq!(folder("oven v0.1.0 (/work/crates/oven) (*)").as_deref(), Some("crates/oven"));
        assert_eq!(folder("heat v1.0.0"), None);
        assert_eq!(folder("derive v1.0.0 (proc-macro)"), None);
    }
}
