//! Which deployments count, and which commits each was the first to carry.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::{
    deployments::{Deployment, End},
    history::History,
};

/// A deployment that brought something.
#[derive(Debug, Clone)]
pub(crate) struct Release {
    pub(crate) sha: String,
    pub(crate) finished: Timestamp,
    pub(crate) changes: Vec<Change>,
}

/// A commit on main that a release was the first to carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// From the commit on main to the end of the deployment.
    pub(crate) lead: SignedDuration,
    /// From the first commit that was written for it.
    pub(crate) authored: SignedDuration,
}

/// What became of an app's deployments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Carried {
    /// In the order in which they finished.
    pub(crate) releases: Vec<Release>,
    pub(crate) others: Vec<(Timestamp, Other)>,
    /// The release that first had a commit.
    first: HashMap<String, usize>,
}

/// What is no release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Other {
    Failed,
    Unfinished,
    /// What is there was brought again.
    Again,
    /// What was there before was brought back.
    Back,
}

impl Carried {
    pub(crate) fn by(
        app: &str,
        deployments: &[&Deployment],
        history: &History,
        touching: &HashSet<String>,
        notes: &mut Vec<String>,
    ) -> Self {
        let mut carried = Self::default();
        let mut there = None::<String>;
        for deployment in deployments {
            let finished = match deployment.end {
                End::Succeeded(finished) => finished,
                End::Failed => {
                    carried.others.push((deployment.started, Other::Failed));
                    continue;
                }
                End::None => {
                    carried.others.push((deployment.started, Other::Unfinished));
                    continue;
                }
            };
            let sha = history.full(&deployment.sha).unwrap_or(&deployment.sha).clone();
            if carried.first.contains_key(&sha) {
                let again = there.as_ref() == Some(&sha);
                carried.others.push((finished, if again { Other::Again } else { Other::Back }));
            } else {
                let changes = carried.changes(&sha, finished, history, touching);
                let late =
                    changes.iter().filter(|change| change.lead <= SignedDuration::ZERO).count();
                if late > 0 {
                    notes.push(format!(
                        "{app}: {late} commits of the deployment of {} are not older than it: by a wrong clock; their lead time is left out",
                        &sha[..sha.len().min(12)]
                    ));
                }
                carried.carry(&sha, history);
                carried.releases.push(Release { sha: sha.clone(), finished, changes });
            }
            there = Some(sha);
        }
        carried
    }

    /// The commits on main up to one, as far as no release had them.
    fn changes(
        &self,
        sha: &str,
        finished: Timestamp,
        history: &History,
        touching: &HashSet<String>,
    ) -> Vec<Change> {
        let mut line = Vec::new();
        let mut next = Some(sha.to_owned());
        while let Some(id) = next.filter(|id| !self.first.contains_key(id)) {
            let Some(commit) = history.commit(&id) else { break };
            next = commit.parents.first().cloned();
            line.push(id);
        }
        // The oldest first: what a merge brought is then what none before it had.
        let (mut seen, mut changes) = (HashSet::new(), Vec::new());
        for id in line.into_iter().rev() {
            let authored = self.first_authored(&id, &mut seen, history);
            let Some(commit) = history.commit(&id).filter(|_| touching.contains(&id)) else {
                continue;
            };
            let authored = authored.unwrap_or(commit.authored);
            changes.push(Change {
                lead: finished.duration_since(commit.committed),
                authored: finished.duration_since(authored),
            });
        }
        changes
    }

    /// When the first of the commits was written that came with one.
    fn first_authored(
        &self,
        id: &str,
        seen: &mut HashSet<String>,
        history: &History,
    ) -> Option<Timestamp> {
        let (mut next, mut first) = (vec![id.to_owned()], None);
        while let Some(id) = next.pop() {
            if self.first.contains_key(&id) || !seen.insert(id.clone()) {
                continue;
            }
            let Some(commit) = history.commit(&id) else { continue };
            first =
                Some(first.map_or(commit.authored, |first: Timestamp| first.min(commit.authored)));
            next.extend(commit.parents.iter().cloned());
        }
        first
    }

    /// Notes what the next release has, merged branches included.
    fn carry(&mut self, sha: &str, history: &History) {
        let release = self.releases.len();
        let mut next = vec![sha.to_owned()];
        while let Some(id) = next.pop() {
            if self.first.contains_key(&id) {
                continue;
            }
            if let Some(commit) = history.commit(&id) {
                next.extend(commit.parents.iter().cloned());
            }
            self.first.insert(id, release);
        }
    }

    /// The release that first had a commit; `sha` may be the beginning of an id.
    pub(crate) fn first_with(&self, sha: &str) -> Option<usize> {
        if let Some(release) = self.first.get(sha) {
            return Some(*release);
        }
        self.releases
            .iter()
            .position(|release| release.sha.starts_with(sha) || sha.starts_with(&release.sha))
    }
}
