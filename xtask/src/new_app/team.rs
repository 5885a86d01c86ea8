//! Whose a new app is.

use std::{convert::Infallible, fs, str::FromStr};

use crate::{failure::Failure, workspace::Workspace};

/// The name of a team: of its file in `teams/`, without `.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team(String);

impl FromStr for Team {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Team {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// There is a file that says what the team is.
    pub(super) fn must_be_known(&self, workspace: &Workspace) -> Result<(), Failure> {
        let folder = workspace.root().join("teams");
        let entries =
            fs::read_dir(&folder).map_err(|source| Failure::file("reading", &folder, source))?;
        let names = entries.filter_map(|entry| {
            let name = entry.ok()?.file_name().to_string_lossy().into_owned();
            name.strip_suffix(".json").filter(|name| !name.contains('.')).map(str::to_owned)
        });
        let mut known: Vec<String> = names.collect();
        known.sort();
        if known.contains(&self.0) {
            return Ok(());
        }
        Err(Failure::UnknownTeam { name: self.0.clone(), known })
    }
}
