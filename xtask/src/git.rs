//! Asking git.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::failure::Failure;

/// A repository.
#[derive(Debug, Clone)]
pub(crate) struct Git {
    root: PathBuf,
}

impl Git {
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // What a person configured for reading must not change what is read.
        command.arg("-C").arg(&self.root).args([
            "-c",
            "core.quotePath=false",
            "-c",
            "log.showSignature=false",
        ]);
        command.args(arguments).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    /// What git prints.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = self.command(arguments).output().map_err(Failure::NoGit)?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if output.status.success() {
            return Ok(text(output.stdout));
        }
        let said = text(output.stderr).trim().to_owned();
        Err(Failure::Git { command: arguments.join(" "), output: said })
    }

    /// The full id of the commit that a name means, if there is one.
    pub(crate) fn commit(&self, name: &str) -> Result<Option<String>, Failure> {
        // What begins with a dash would be an option.
        if name.is_empty() || name.starts_with('-') {
            return Ok(None);
        }
        let commit = format!("{name}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        Ok(self.ask(&arguments).ok().map(|id| id.trim().to_owned()))
    }

    /// Whether the history is cut off.
    pub(crate) fn is_shallow(&self) -> Result<bool, Failure> {
        Ok(self.ask(&["rev-parse", "--is-shallow-repository"])?.trim() == "true")
    }

    /// A file as it is in a commit.
    pub(crate) fn file(&self, commit: &str, path: &Path) -> io::Result<String> {
        let place = format!("{commit}:{}", path.display());
        self.ask(&["show", &place]).map_err(|failure| io::Error::other(failure.to_string()))
    }

    /// The files of a commit below some folders.
    pub(crate) fn files(&self, commit: &str, below: &[&str]) -> Result<Vec<String>, Failure> {
        let mut arguments = vec!["ls-tree", "-r", "--name-only", "-z", commit, "--"];
        arguments.extend(below);
        let listed = self.ask(&arguments)?;
        Ok(listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }
}
