//! Releasing a version.

use std::{fs, io::Write, path::Path};

use schema_compatibility::Mode;
use serde_json::Value;

use super::{
    Release,
    releases::{TERMS, Terms, file_of},
    types::EventType,
};
use crate::failure::Failure;

/// Writes the schema of a type as its next version, and at the first one who answers for it and what it keeps. Says where.
pub(crate) fn release(
    root: &Path,
    event_type: &EventType,
    wish: &Release,
) -> Result<String, Failure> {
    let folder = root.join(&event_type.folder);
    let number = match &event_type.releases {
        None => {
            let owner = wish.owner.clone().filter(|owner| !owner.trim().is_empty());
            let owner = owner.ok_or_else(|| refused(event_type, NO_OWNER))?;
            let mode = wish.mode.unwrap_or(Mode::FullTransitive);
            let terms = Terms { mode, owner, hub: wish.hub.clone() };
            let terms = serde_json::to_string_pretty(&terms).expect("some words are always JSON");
            fs::create_dir_all(&folder)
                .map_err(|source| Failure::file("making", &folder, source))?;
            written(&folder.join(TERMS), &format!("{terms}\n"))?;
            1
        }
        Some(_) if wish.owner.is_some() || wish.mode.is_some() || wish.hub.is_some() => {
            return Err(refused(event_type, TERMS_EXIST));
        }
        Some(releases) => {
            let value = |text: &str| serde_json::from_str::<Value>(text).ok();
            let last = releases.versions.last();
            if last.is_some_and(|last| value(&last.text) == value(&event_type.text)) {
                return Err(refused(event_type, NOTHING_NEW));
            }
            releases.versions.len() + 1
        }
    };
    let file = file_of(number, event_type.form);
    written(&folder.join(&file), &event_type.text)?;
    Ok(format!("{}/{file}", event_type.folder))
}

const NO_OWNER: &str =
    "it is released for the first time: say who answers for it, with --owner TEAM";
const TERMS_EXIST: &str = "it was released before; change mode, owner and hub in its release.json, where a reviewer sees it";
const NOTHING_NEW: &str = "it is as it was released last; change its schema first";

fn refused(event_type: &EventType, why: &'static str) -> Failure {
    Failure::NotReleased { name: event_type.name.clone(), why }
}

/// Writes a file that must not be there yet.
fn written(path: &Path, text: &str) -> Result<(), Failure> {
    let writing = |source| Failure::file("writing", path, source);
    let mut file = fs::File::create_new(path).map_err(writing)?;
    file.write_all(text.as_bytes()).map_err(writing)
}
