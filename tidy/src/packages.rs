//! The packages of the workspace, and what each stands on, by path.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::project::root;

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its folder from the workspace's, such as `functions/profiles`.
    pub folder: String,
    /// The packages of the workspace that it stands on.
    pub uses: Vec<Use>,
}

/// A package that another stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The folder of the package that is used.
    pub folder: String,
    /// Whether only tests use it.
    pub only_in_tests: bool,
}

/// The packages of the workspace, as Cargo reads them.
#[must_use]
pub fn workspace() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("cargo lists packages");
    packages.iter().map(package).collect()
}

fn package(package: &Value) -> Package {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let uses = dependencies.filter_map(|dependency| {
        Some(Use {
            folder: from_root(Path::new(dependency["path"].as_str()?)),
            only_in_tests: dependency["kind"] == "dev",
        })
    });
    Package { folder: from_root(manifest.parent().unwrap_or(manifest)), uses: uses.collect() }
}

fn from_root(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
