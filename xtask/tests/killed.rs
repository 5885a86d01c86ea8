//! `cargo xtask new app`, killed at any moment, leaves either nothing in the tree or a whole app.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

/// How often it is killed.
const KILLS: u32 = 60;

fn new_app(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--workspace").arg(root).args(["new", "app", "loyalty"]);
    // Cargo is not what is tried here; without it the app is written all the same.
    command.env("CARGO", "true").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The paths of all files below a folder.
fn files(folder: &Path, found: &mut BTreeSet<String>, root: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found, root);
        } else {
            found.insert(path.strip_prefix(root).unwrap().display().to_string());
        }
    }
}

fn in_the_tree(root: &Path) -> BTreeSet<String> {
    let functions = root.join("functions");
    let mut found = BTreeSet::new();
    files(&functions, &mut found, &functions);
    found
}

#[test]
fn killed_at_any_moment_it_leaves_nothing_or_a_whole_app() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("functions")).unwrap();
    fs::create_dir(root.path().join("teams")).unwrap();
    fs::write(root.path().join("teams/platform.json"), "{}").unwrap();
    fs::write(root.path().join("Cargo.lock"), "").unwrap();
    let began = Instant::now();
    assert!(new_app(root.path()).status().unwrap().success());
    let took = began.elapsed();
    let whole = in_the_tree(root.path());
    assert!(whole.len() > 20, "{whole:?}");
    let mut none = 0;
    for kill in 0..KILLS {
        fs::remove_dir_all(root.path().join("functions/loyalty")).ok();
        let mut child = new_app(root.path()).spawn().unwrap();
        thread::sleep(took * kill / KILLS);
        child.kill().unwrap();
        child.wait().unwrap();
        let left = in_the_tree(root.path());
        assert!(left.is_empty() || left == whole, "killed after {kill}/{KILLS}: {left:?}");
        none += u32::from(left.is_empty());
    }
    assert!(none > 0, "it was never killed in time");
}
