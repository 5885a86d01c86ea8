//! A workspace with one app, in a repository of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub(crate) struct Workspace {
    folder: tempfile::TempDir,
}

/// What `cargo xtask schemas` says, and how it ends.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let workspace = Self { folder: tempfile::tempdir().unwrap() };
        workspace.write("functions/bakery/Cargo.toml", "");
        workspace.git(&["init", "--quiet", "--initial-branch", "main"]);
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes the schema of `com.example.bakery.baked.v1` with its properties and those that are required.
    pub(crate) fn baked(&self, properties: &str, required: &str) {
        self.write(
            "functions/bakery/messages/baked.schema.json",
            &format!(
                r#"{{ "title": "com.example.bakery.baked.v1", "type": "object", "required": [{required}],
                    "properties": {{ {properties} }} }}"#
            ),
        );
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "Baked"]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.folder.path());
        for setting in ["user.name=x", "user.email=x@example.com", "commit.gpgsign=false"] {
            command.args(["-c", setting]);
        }
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    }

    pub(crate) fn schemas(&self, arguments: &[&str]) -> Said {
        said(self.folder.path(), arguments)
    }
}

fn said(root: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--workspace").arg(root).arg("schemas").args(arguments);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code(), out: text(stdout), error: text(stderr) }
}
