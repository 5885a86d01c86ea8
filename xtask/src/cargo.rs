//! Asking cargo.

use std::{
    collections::HashMap,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde::Deserialize;

use crate::{failure::Failure, workspace::Workspace};

/// What is deployed runs anywhere on Linux: no libc to match.
pub(crate) const TARGET: &str = "x86_64-unknown-linux-musl";

/// What cargo tells its own programs and not us: with it in the environment, build scripts that look at it would run
/// again each time.
const OF_THIS_PACKAGE: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];

/// All packages of the workspace and what they stand on.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

/// What a package's manifest says.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) manifest_path: PathBuf,
    /// The registry it comes from; nothing for a package of ours.
    pub(crate) source: Option<String>,
}

impl Metadata {
    pub(crate) fn read(workspace: &Workspace) -> Result<Self, Failure> {
        let arguments =
            ["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET];
        let answer = ask(workspace, &arguments)?;
        serde_json::from_str(&answer).map_err(|source| Failure::Json {
            what: "the answer of `cargo metadata`".to_owned(),
            source,
        })
    }

    /// The packages by name and version.
    pub(crate) fn by_id(&self) -> HashMap<(&str, &str), &Package> {
        self.packages.iter().map(|p| ((p.name.as_str(), p.version.as_str()), p)).collect()
    }
}

/// Cargo, in the workspace's folder.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace.root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if OF_THIS_PACKAGE.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}

/// What cargo prints.
pub(crate) fn ask(workspace: &Workspace, arguments: &[&str]) -> Result<String, Failure> {
    let output = cargo(workspace).args(arguments).output().map_err(Failure::NoCargo)?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(output.stdout));
    }
    Err(Failure::Cargo { command: arguments.join(" "), output: text(output.stderr) })
}
