//! The programs that are measured, built as they are shipped.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    build::{self, Built},
    cargo::TARGET,
    failure::Failure,
    workspace::Workspace,
};

use super::parts::Part;

/// The app whose handler is held against peers.
const COMPARED: &str = "profiles";
/// Where it is kept, from the workspace's folder.
const KEPT: &str = "target/bench/shipped";

/// Where the programs are.
pub(crate) struct Programs {
    /// Of the workspace, by name; `examples` below it.
    pub(crate) folder: PathBuf,
    /// The handler of [`COMPARED`] as it is shipped.
    pub(crate) shipped: PathBuf,
    /// How they were built, in words.
    pub(crate) build: String,
}

impl Programs {
    /// Programs that somebody built already.
    pub(crate) fn given(folder: &Path) -> Result<Self, Failure> {
        let folder = folder
            .canonicalize()
            .map_err(|source| Failure::file("looking for programs in", folder, source))?;
        let shipped = folder.join(COMPARED);
        let build = if folder.ends_with("debug") {
            "**a debug build, which is not what is shipped**"
        } else {
            "programs that were built before"
        };
        Ok(Self { shipped, build: build.to_owned(), folder })
    }

    /// Builds what these parts need.
    pub(crate) fn built(workspace: &Workspace, parts: &[&Part]) -> Result<Self, Failure> {
        let names = |of: fn(&Part) -> &'static [&'static str]| {
            let mut names: Vec<&str> = parts.iter().flat_map(|part| of(part)).copied().collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let apps = workspace.chosen(&[COMPARED.to_owned()])?;
        let Built { mut programs, target } = build::as_shipped(workspace, &apps)?;
        let shipped = kept(workspace, &programs.remove(0))?;
        let folder = build::tools(workspace, &names(|p| p.binaries), &names(|p| p.examples))?;
        let build = match target {
            Some(_) => format!("release build as shipped ({TARGET})"),
            None => format!(
                "release build with the profile, features and flags of what is shipped, for this machine's libc \
                 ({TARGET} is not installed)"
            ),
        };
        Ok(Self { folder, shipped, build })
    }

    /// An argument with the places filled in.
    pub(crate) fn filled(&self, argument: &str) -> String {
        argument
            .replace("{binaries}", &self.folder.display().to_string())
            .replace("{shipped}", &self.shipped.display().to_string())
    }
}

/// A copy beside: the other programs may be built with more features to the same place.
fn kept(workspace: &Workspace, program: &Path) -> Result<PathBuf, Failure> {
    let folder = workspace.root().join(KEPT);
    let copy = folder.join(COMPARED);
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(program, &copy))
        .map_err(|source| Failure::file("copying", program, source))?;
    Ok(copy)
}
