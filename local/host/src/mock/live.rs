//! A contract that is read again when one of its files is saved. While it is broken the last good one is kept.

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use contract_mock::{Contract, ReadError, read};

/// A contract in files.
#[derive(Debug)]
pub(super) struct Live {
    file: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    contract: Option<Arc<Contract>>,
    /// Why the files cannot be read as they are.
    problem: Option<String>,
    /// What was read, and what its files were like then.
    stamps: Vec<(PathBuf, Stamp)>,
    /// A problem that is told when it is still there at the next look: editors write files in several steps.
    suspected: Option<String>,
}

/// What tells that a file was written, also by a rename over it.
type Stamp = Option<(SystemTime, u64, u64)>;

/// What a look at the files found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// All as before.
    Same,
    /// The contract is another, or can be read again.
    Changed,
    /// It cannot be read; the last good one is kept.
    Broken(String),
}

impl Live {
    /// Reads the contract in a file, which need not be there.
    pub(super) fn read(file: &Path) -> Self {
        let live = Self { file: file.to_owned(), state: Mutex::default() };
        live.take_in();
        let mut state = live.lock();
        state.problem = state.suspected.take();
        drop(state);
        live
    }

    pub(super) fn contract(&self) -> Option<Arc<Contract>> {
        self.lock().contract.clone()
    }

    /// Why the files cannot be read as they are.
    pub(super) fn problem(&self) -> Option<String> {
        self.lock().problem.clone()
    }

    /// Reads the files again if one of them was written since.
    pub(super) fn look(&self) -> Look {
        let is_same = self.lock().stamps.iter().all(|(file, known)| stamp(file) == *known);
        if is_same {
            let mut state = self.lock();
            return match state.suspected.take() {
                Some(problem) => {
                    state.problem = Some(problem.clone());
                    Look::Broken(problem)
                }
                None => Look::Same,
            };
        }
        if self.take_in() { Look::Changed } else { Look::Same }
    }

    /// Whether there is a new contract.
    fn take_in(&self) -> bool {
        let before: Vec<(PathBuf, Stamp)> = self.lock().stamps.clone();
        let stamps_before: Vec<Stamp> = before.iter().map(|(file, _)| stamp(file)).collect();
        let read = read(&self.file);
        let mut stamps: Vec<(PathBuf, Stamp)> =
            read.files.into_iter().map(|file| (file.clone(), stamp(&file))).collect();
        // What was written while it was read is read once more.
        for ((file, _), before) in before.iter().zip(stamps_before) {
            if let Some((_, known)) = stamps.iter_mut().find(|(other, _)| other == file) {
                *known = before;
            }
        }
        let mut state = self.lock();
        state.stamps = stamps;
        state.suspected = None;
        match read.contract {
            Ok(contract) => {
                state.contract = Some(Arc::new(contract));
                state.problem = None;
                true
            }
            Err(error) if state.contract.is_none() && is_absent(&error, &self.file) => false,
            Err(error) => {
                state.suspected = Some(error.to_string());
                false
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An app need not have a contract.
fn is_absent(error: &ReadError, contract: &Path) -> bool {
    matches!(error, ReadError::Unreadable { file, source, .. }
        if file == contract && source.kind() == io::ErrorKind::NotFound)
}

fn stamp(file: &Path) -> Stamp {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "openapi: 3.1.0\npaths: { /a: { get: {} } }\n";

    fn paths(live: &Live) -> Vec<String> {
        let contract = live.contract();
        let operations = contract.iter().flat_map(|contract| contract.operations.iter());
        operations.map(|operation| operation.path.clone()).collect()
    }

    #[test]
    fn the_last_good_contract_is_kept_while_a_file_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("openapi.yaml");
        let live = Live::read(&file);
        assert_eq!(
            (live.contract().is_none(), live.problem()),
            (true, None),
            "there need not be one"
        );
        fs::write(&file, GOOD).unwrap();
        assert_eq!(live.look(), Look::Changed);
        assert_eq!((paths(&live), live.look()), (vec!["/a".to_owned()], Look::Same));

        fs::write(&file, "openapi: [").unwrap();
        assert_eq!(live.look(), Look::Same, "it may be half written");
        let Look::Broken(problem) = live.look() else { panic!("it is broken for good") };
        assert!(problem.contains("openapi.yaml cannot be read as YAML"), "{problem}");
        assert_eq!((live.problem(), live.look()), (Some(problem), Look::Same), "it is told once");
        assert_eq!(paths(&live), ["/a"]);

        let other = folder.path().join("new");
        fs::write(&other, GOOD.replace("/a", "/b")).unwrap();
        fs::rename(&other, &file).unwrap();
        assert_eq!(live.look(), Look::Changed);
        assert_eq!((paths(&live), live.problem()), (vec!["/b".to_owned()], None));
    }

    #[test]
    fn a_part_in_another_file_is_watched_too_also_before_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("openapi.yaml");
        fs::write(&file, "openapi: 3.1.0\npaths: { /a: { $ref: part.yaml } }\n").unwrap();
        let live = Live::read(&file);
        assert!(live.problem().is_some_and(|problem| problem.contains("part.yaml")), "{live:?}");
        fs::write(folder.path().join("part.yaml"), "get: {}").unwrap();
        assert_eq!(live.look(), Look::Changed);
        assert_eq!(paths(&live), ["/a"]);
    }
}
