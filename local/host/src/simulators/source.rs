//! Where simulators come from: the folders of `local/simulators/` with a `simulator.json`, or a program that a test names.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{
    Executable,
    discovery::{DiscoveryError, folders},
};

const FILE: &str = "simulator.json";

/// Where a simulator comes from: a program that stands for a system of somebody else. It listens on 127.0.0.1 at the
/// port that its variable `PORT` names.
#[derive(Clone, Debug)]
pub struct SimulatorSource {
    /// Its name in the log, on the page and in `iommi fault`.
    pub name: String,
    /// Where the program comes from; [`Executable::HostJson`] makes no sense here.
    pub executable: Executable,
    /// Its command line.
    pub arguments: Vec<String>,
    /// Its well-known port: in settings, addresses with it are exchanged for the actual ones.
    pub port: u16,
    /// The path that answers 2xx once it is ready, whether or not the gateway serves already.
    pub health_path: String,
}

/// `simulator.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    port: u16,
    #[serde(default)]
    arguments: Vec<String>,
    health_path: String,
}

impl SimulatorSource {
    /// A simulator without arguments.
    pub fn new(
        name: impl Into<String>,
        executable: Executable,
        port: u16,
        health_path: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            executable,
            arguments: Vec::new(),
            port,
            health_path: health_path.into(),
        }
    }

    /// The folder that the program runs in.
    pub(super) fn folder(&self) -> PathBuf {
        match &self.executable {
            Executable::Cargo { workspace, .. } => workspace.join(FOLDER).join(&self.name),
            Executable::Built(_) | Executable::HostJson => PathBuf::from("."),
        }
    }
}

/// Where a workspace has its simulators.
const FOLDER: &str = "local/simulators";

/// The simulators of a workspace: the folders of `local/simulators/` with a `simulator.json`, by name. Each is built by Cargo as
/// the binary of its own name. A workspace may have none.
pub fn workspace_simulators(workspace: &Path) -> Result<Vec<SimulatorSource>, DiscoveryError> {
    let root = workspace.join(FOLDER);
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let mut simulators = Vec::new();
    for name in folders(&root)? {
        let path = root.join(&name).join(FILE);
        if !path.is_file() {
            continue;
        }
        let File { port, arguments, health_path } = read(&path)?;
        let executable =
            Executable::Cargo { package: name.clone(), workspace: workspace.to_owned() };
        simulators.push(SimulatorSource { name, executable, arguments, port, health_path });
    }
    Ok(simulators)
}

fn read(path: &Path) -> Result<File, DiscoveryError> {
    let unreadable = |source| DiscoveryError::Unreadable { path: path.to_owned(), source };
    let text = std::fs::read(path).map_err(unreadable)?;
    serde_json::from_slice(&text)
        .map_err(|source| DiscoveryError::Simulator { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_folders_of_local_simulators_with_a_simulator_json_are_simulators() {
        let root = workspace(&[
            ("local/simulators/shell/Cargo.toml", ""),
            (
                "local/simulators/weather/simulator.json",
                r#"{"port": 7090, "healthPath": "/health"}"#,
            ),
        ]);
        let found = workspace_simulators(root.path()).unwrap();
        assert_eq!(found.len(), 1);
        let SimulatorSource { name, port, health_path, arguments, .. } = &found[0];
        assert_eq!((name.as_str(), *port, health_path.as_str()), ("weather", 7090, "/health"));
        assert!(arguments.is_empty());
    }

    #[test]
    fn a_workspace_without_them_has_none() {
        assert!(workspace_simulators(workspace(&[]).path()).unwrap().is_empty());
    }

    #[test]
    fn a_simulator_json_that_says_something_else_is_named() {
        let root = workspace(&[("local/simulators/weather/simulator.json", r#"{"ports": 1}"#)]);
        let error = workspace_simulators(root.path()).unwrap_err().to_string();
        assert!(error.contains("weather/simulator.json") && error.contains("`ports`"), "{error}");
    }
}
