//! Released versions never change: each file is what it was in the commit that brought it.

use std::{collections::BTreeMap, path::Path};

use super::{releases::version_of, report::Broken, types::EventType};
use crate::{failure::Failure, git::Git};

/// Arguments of one command at most.
const MAX_FILES: usize = 500;

/// Versions that are not what was released, or that are gone while their type is not. Where the history is cut off only what
/// it has is known.
pub(crate) fn changed(git: &Git, root: &Path, types: &[EventType]) -> Result<Vec<Broken>, Failure> {
    let released = first_added(git)?;
    let (there, gone): (Vec<_>, Vec<_>) =
        released.iter().partition(|(path, _)| root.join(path).is_file());
    let mut broken: Vec<Broken> = gone
        .iter()
        .filter(|(path, _)| {
            types.iter().any(|known| path.starts_with(&format!("{}/", known.folder)))
        })
        .map(|(path, _)| Broken::gone(path))
        .collect();
    for files in there.chunks(MAX_FILES) {
        let mut arguments = vec!["hash-object", "--"];
        arguments.extend(files.iter().map(|(path, _)| path.as_str()));
        let now = git.ask(&arguments)?;
        let pairs = files.iter().zip(now.lines());
        let other = pairs.filter(|((_, released), now)| released.as_str() != *now);
        broken.extend(other.map(|((path, _), _)| Broken::changed(path)));
    }
    Ok(broken)
}

/// The content of each released version, as git calls it, in the oldest commit that has the file.
fn first_added(git: &Git) -> Result<BTreeMap<String, String>, Failure> {
    if git.commit("HEAD")?.is_none() {
        return Ok(BTreeMap::new());
    }
    let log = git.ask(&[
        "log",
        "--diff-filter=A",
        "--diff-merges=first-parent",
        "--no-renames",
        "--raw",
        "--no-abbrev",
        "--format=",
        "--",
        "functions/*/messages/released/*",
    ])?;
    let mut first = BTreeMap::new();
    // The newest commit comes first, so the last word is that of the oldest.
    for line in log.lines() {
        let Some((added, path)) = line.split_once('\t') else { continue };
        let file = path.rsplit('/').next().unwrap_or_default();
        if let Some(content) = added.split(' ').nth(3)
            && version_of(file).is_some()
        {
            first.insert(path.to_owned(), content.to_owned());
        }
    }
    Ok(first)
}
