//! What the processes left on the disk: data and logs.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{DATA, Platform};

/// Bytes that are kept somewhere.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Where, in words.
    pub place: String,
    /// What.
    pub bytes: Vec<u8>,
}

impl Platform {
    /// All that is left of a run: what is in the stores, on their disk, and in the logs. Simulators are systems of others:
    /// what they keep is not in it, their logs are.
    pub async fn everything(&self) -> impl Iterator<Item = Kept> + '_ {
        let stored = self.addresses().stored().await;
        stored.into_iter().chain(self.files(DATA)).chain(self.logs())
    }

    /// The log of each process that ever ran, the handlers' in that of the host.
    pub fn logs(&self) -> impl Iterator<Item = Kept> + '_ {
        self.part_names().map(|part| {
            let log = self.layout().log(part);
            let kept = read(&log).unwrap_or_else(|| panic!("{} is there", log.display()));
            assert!(!kept.bytes.is_empty(), "{part} has said nothing at all");
            kept
        })
    }

    /// The files in which a part keeps its data, such as those of [`DATA`].
    pub fn files(&self, part: &str) -> impl Iterator<Item = Kept> + use<> {
        files_in(self.layout().folder(part))
    }
}

/// All files of a folder, those too that come meanwhile.
pub(super) fn files_in(folder: PathBuf) -> impl Iterator<Item = Kept> {
    let (mut read_before, mut left) = (BTreeSet::new(), Vec::new());
    let mut some = false;
    std::iter::from_fn(move || {
        loop {
            // Files are merged meanwhile: what was in them is in new ones.
            if left.is_empty() {
                collect(&folder, &mut left);
                left.retain(|path| read_before.insert(path.clone()));
            }
            let Some(path) = left.pop() else {
                assert!(some, "nothing is kept in {}", folder.display());
                return None;
            };
            if let Some(kept) = read(&path) {
                some = true;
                return Some(kept);
            }
        }
    })
}

/// None if it is gone.
fn read(path: &Path) -> Option<Kept> {
    match fs::read(path) {
        Ok(bytes) => Some(Kept { place: path.display().to_string(), bytes }),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        entries => entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display())),
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
