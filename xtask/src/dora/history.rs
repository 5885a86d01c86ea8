//! The commits behind what was deployed.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use crate::{failure::Failure, git::Git};

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) parents: Vec<String>,
    pub(crate) committed: Timestamp,
    pub(crate) authored: Timestamp,
}

/// All commits that lead to some.
#[derive(Debug, Default)]
pub(crate) struct History {
    commits: HashMap<String, Commit>,
    /// The full ids of those that were asked for.
    full: HashMap<String, String>,
}

impl History {
    /// Reads what leads to some commits; those that are not here are named.
    pub(crate) fn read(
        git: &Git,
        shas: &BTreeSet<&str>,
        notes: &mut Vec<String>,
    ) -> Result<Self, Failure> {
        let mut history = Self::default();
        for sha in shas {
            match git.commit(sha)? {
                Some(full) => drop(history.full.insert((*sha).to_owned(), full)),
                None => notes.push(format!(
                    "{sha} is not in this history: its deployments count, the commits in it are not known"
                )),
            }
        }
        if !shas.is_empty() && git.is_shallow().unwrap_or_default() {
            notes.push(
                "the history is cut off here: older commits are not known (git fetch --unshallow)"
                    .to_owned(),
            );
        }
        let ids: BTreeSet<&String> = history.full.values().collect();
        if ids.is_empty() {
            return Ok(history);
        }
        let mut arguments = vec!["log", "--format=%H%x09%ct%x09%at%x09%P"];
        arguments.extend(ids.into_iter().map(String::as_str));
        for line in git.ask(&arguments)?.lines() {
            let mut words = line.split('\t');
            let (Some(id), Some(committed), Some(authored)) =
                (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let parents = words.next().unwrap_or_default();
            let commit = Commit {
                parents: parents.split_whitespace().map(str::to_owned).collect(),
                committed: seconds(committed),
                authored: seconds(authored),
            };
            history.commits.insert(id.to_owned(), commit);
        }
        Ok(history)
    }

    /// The full id of a commit that was asked for.
    pub(crate) fn full(&self, sha: &str) -> Option<&String> {
        self.full.get(sha)
    }

    pub(crate) fn commit(&self, id: &str) -> Option<&Commit> {
        self.commits.get(id)
    }

    /// The commits of main that change something below some paths: a merge as a whole.
    pub(crate) fn touching(&self, git: &Git, paths: &[String]) -> Result<HashSet<String>, Failure> {
        let ids: BTreeSet<&String> = self.full.values().collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let mut arguments = vec!["log", "--first-parent", "--format=%H"];
        arguments.extend(ids.into_iter().map(String::as_str));
        arguments.push("--");
        arguments.extend(paths.iter().map(String::as_str));
        Ok(git.ask(&arguments)?.lines().map(str::to_owned).collect())
    }
}

/// A time as git tells it.
pub(crate) fn seconds(text: &str) -> Timestamp {
    let seconds = text.trim().parse().ok();
    seconds.and_then(|s| Timestamp::from_second(s).ok()).unwrap_or(Timestamp::UNIX_EPOCH)
}
