//! `cargo xtask new app NAME`: a complete app, all or nothing.
//!
//! Everything about an app lies in its folder, so an app appears by one rename: it is written below `target/` first, and
//! whoever is killed before the rename leaves nothing in the tree.

mod name;
mod team;
mod templates;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{cargo, failure::Failure, workspace::Workspace};

pub(crate) use name::{Container, Name, Queue};
pub(crate) use team::Team;

/// What is asked for.
pub(crate) struct Wish {
    pub(crate) name: Name,
    pub(crate) container: Container,
    pub(crate) queue: Queue,
    pub(crate) team: Team,
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
    wish.team.must_be_known(workspace)?;
    let files = templates::render(wish);
    let draft = Draft::begin(workspace, &wish.name)?;
    for (path, text) in &files {
        draft.add(path, text)?;
    }
    draft.format(workspace, &files);
    let lines = draft.lines(&files)?;
    let folder = workspace.root().join("functions").join(wish.name.as_str());
    draft.publish(&folder)?;
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

    /// Breaks lines as the workspace does: how long they are depends on the names. A toolchain without rustfmt leaves them
    /// long.
    fn format(&self, workspace: &Workspace, files: &[(String, String)]) {
        let sources = files.iter().map(|(path, _)| path).filter(|path| path.ends_with(".rs"));
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--edition", "2024", "--config-path"]).arg(workspace.root());
        rustfmt.args(sources.map(|path| self.folder.join(path)));
        let _ = rustfmt.stdin(Stdio::null()).output();
    }

    fn lines(&self, files: &[(String, String)]) -> Result<usize, Failure> {
        let count = |(path, _): &(String, String)| {
            let path = self.folder.join(path);
            let text = fs::read_to_string(&path);
            let text = text.map_err(|source| Failure::file("reading", &path, source))?;
            Ok(text.lines().count())
        };
        files.iter().map(count).sum()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Most lines that a new app brings into the tree: what every app has is in crates/, not in copies.
    const MAX_LINES: usize = 250;

    fn wish(name: &str, container: &str, queue: &str) -> Wish {
        Wish {
            name: name.parse().unwrap(),
            container: container.parse().unwrap(),
            queue: queue.parse().unwrap(),
            team: "platform".parse().unwrap(),
        }
    }

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("functions")).unwrap();
        fs::create_dir(root.path().join("teams")).unwrap();
        fs::write(root.path().join("teams/platform.json"), "{}").unwrap();
        fs::write(root.path().join("Cargo.lock"), "[[package]]\nname = \"tokio\"\n").unwrap();
        let workspace = Workspace::at(root.path());
        (root, workspace)
    }

    #[test]
    fn a_new_app_is_complete_and_small() {
        let (_root, workspace) = workspace();
        let made = write(&workspace, &wish("gift-cards", "cards:/ownerId", "orders")).unwrap();
        for file in [
            "app.json",
            "openapi.yaml",
            "pipeline.yml",
            "src/functions/cards/function.json",
            "src/functions/poison_queues/function.json",
            "tests/app/main.rs",
        ] {
            assert!(made.folder.join(file).is_file(), "{file}");
        }
        assert!(made.lines <= MAX_LINES, "{} lines", made.lines);
    }

    #[test]
    fn no_word_of_the_templates_is_left() {
        for container in ["records:/id", "cards:/ownerId"] {
            let wish = wish("gift-cards", container, "orders");
            let words = templates::words(&wish);
            for (path, text) in templates::render(&wish) {
                let left = |word: &str| path.contains(word) || text.contains(word);
                assert!(!words.iter().any(|(word, _)| left(word)), "{path}:\n{text}");
                if path.ends_with(".json") {
                    let json: Result<serde_json::Value, _> = serde_json::from_str(&text);
                    assert!(json.is_ok(), "{path}:\n{text}");
                }
            }
        }
    }

    #[test]
    fn a_name_that_is_taken_is_refused_and_nothing_is_touched() {
        let (root, workspace) = workspace();
        fs::create_dir(root.path().join("functions/orders")).unwrap();
        for (name, by) in [("orders", "folder"), ("tokio", "package")] {
            let failure = write(&workspace, &wish(name, "records:/id", "work")).err().unwrap();
            assert!(failure.to_string().contains(by), "{failure}");
        }
        let left: Vec<_> = fs::read_dir(root.path().join("functions")).unwrap().collect();
        assert_eq!(left.len(), 1);
        assert!(!root.path().join("target").exists());
    }

    #[test]
    fn a_team_without_a_file_is_refused_with_those_that_have_one() {
        let (_root, workspace) = workspace();
        let mut wish = wish("gift-cards", "cards:/id", "orders");
        wish.team = "nobody".parse().unwrap();
        let failure = write(&workspace, &wish).err().unwrap().to_string();
        assert_eq!(failure, "there is no team `nobody` in teams/; the teams are platform");
    }

    #[test]
    fn a_draft_that_is_not_published_is_gone() {
        let (root, workspace) = workspace();
        let draft = Draft::begin(&workspace, &"orders".parse().unwrap()).unwrap();
        draft.add("src/main.rs", "fn main() {}").unwrap();
        drop(draft);
        let drafts = fs::read_dir(root.path().join("target/new-app")).unwrap();
        assert_eq!(drafts.count(), 0);
        assert_eq!(fs::read_dir(root.path().join("functions")).unwrap().count(), 0);
    }
}
