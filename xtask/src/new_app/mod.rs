//! `cargo xtask new app NAME`: a complete app, all or nothing.
//!
//! Everything about an app lies in its folder, so an app appears by one rename: it is written below `target/` first, and
//! whoever is killed before the rename leaves nothing in the tree.

mod name;
mod templates;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{cargo, failure::Failure, workspace::Workspace};

pub(crate) use name::{Container, Name, Queue};

/// What is asked for.
pub(crate) struct Wish {
    pub(crate) name: Name,
    pub(crate) container: Container,
    pub(crate) queue: Queue,
}

/// What was made.
pub(crate) struct Made {
    pub(crate) folder: PathBuf,
    pub(crate) files: usize,
    pub(crate) lines: usize,
}

/// Writes the app, and enters it into `Cargo.lock`.
pub(crate) fn make(workspace: &Workspace, wish: &Wish) -> Result<Made, Failure> {
    let made = write(workspace, wish)?;
    // Cargo alone knows how; killed before it, the next command of cargo does the same.
    cargo::ask(workspace, &["metadata", "--format-version", "1", "--offline"])?;
    Ok(made)
}

fn write(workspace: &Workspace, wish: &Wish) -> Result<Made, Failure> {
    wish.name.must_be_free(workspace)?;
    let files = templates::render(wish);
    let draft = Draft::begin(workspace, &wish.name)?;
    for (path, text) in &files {
        draft.add(path, text)?;
    }
    let folder = workspace.root().join("functions").join(wish.name.as_str());
    draft.publish(&folder)?;
    let lines = files.iter().map(|(_, text)| text.lines().count()).sum();
    Ok(Made { folder, files: files.len(), lines })
}

/// A folder that nobody sees yet.
struct Draft {
    folder: PathBuf,
}

impl Draft {
    fn begin(workspace: &Workspace, name: &Name) -> Result<Self, Failure> {
        let drafts = workspace.root().join("target/new-app");
        let folder = drafts.join(format!("{}-{}", name.as_str(), std::process::id()));
        if let Err(source) = fs::remove_dir_all(&folder)
            && source.kind() != io::ErrorKind::NotFound
        {
            return Err(Failure::file("removing", &folder, source));
        }
        fs::create_dir_all(&folder).map_err(|source| Failure::file("making", &folder, source))?;
        Ok(Self { folder })
    }

    fn add(&self, path: &str, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(path);
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(|source| Failure::file("making", parent, source))?;
        fs::write(&path, text).map_err(|source| Failure::file("writing", &path, source))
    }

    /// The one step that others see.
    fn publish(&self, folder: &Path) -> Result<(), Failure> {
        fs::rename(&self.folder, folder)
            .map_err(|source| Failure::file("moving the new app to", folder, source))
    }
}

/// What was not published is nobody's.
impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
