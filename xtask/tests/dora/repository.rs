//! A repository with commits, deployments and incidents at times that are given.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    pub(crate) fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
            &["init", "--quiet", "--initial-branch", "main"],
        );
        repository
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, authored: &str, committed: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.folder.path())
            .args([
                "-c",
                "user.name=x",
                "-c",
                "user.email=x@example.com",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .envs([("GIT_AUTHOR_DATE", authored), ("GIT_COMMITTER_DATE", committed)])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Commits a file; the commit's id.
    pub(crate) fn commit(&mut self, time: &str, path: &str, text: &str) -> String {
        self.write(path, text);
        self.git(time, time, &["add", "--", path]);
        self.git(time, time, &["commit", "--quiet", "--message", path]);
        self.git(time, time, &["rev-parse", "HEAD"])
    }

    /// Commits a file on a branch and merges it later; the ids of both commits.
    pub(crate) fn merge(&mut self, written: &str, merged: &str, path: &str) -> (String, String) {
        self.git(written, written, &["checkout", "--quiet", "-B", "branch"]);
        let commit = self.commit(written, path, "// Written on a branch.");
        self.git(merged, merged, &["checkout", "--quiet", "main"]);
        self.git(merged, merged, &["merge", "--quiet", "--no-ff", "--message", "Merged", "branch"]);
        (commit, self.git(merged, merged, &["rev-parse", "HEAD"]))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Notes a deployment to production that took five minutes.
    pub(crate) fn deployed(&mut self, app: &str, sha: &str, finished: &str, result: &str) {
        let finished: jiff::Timestamp = finished.parse().unwrap();
        let started = finished.checked_sub(jiff::SignedDuration::from_mins(5)).unwrap();
        self.line(
            &json!({
                "app": app, "environment": "production", "sha": sha, "started": started.to_string(),
                "finished": finished.to_string(), "result": result,
            })
            .to_string(),
        );
    }

    /// Adds a line to `deployments.jsonl`.
    pub(crate) fn line(&mut self, line: &str) {
        let mut file = fs::File::options()
            .append(true)
            .create(true)
            .open(self.path("deployments.jsonl"))
            .unwrap();
        writeln!(file, "{line}").unwrap();
    }

    pub(crate) fn incident(&self, name: &str, front_matter: &str) {
        self.write(
            &format!("incidents/{name}.md"),
            &format!("---\n{front_matter}\n---\n\nWhat happened.\n"),
        );
    }

    /// Moves the file to the branch where the pipeline keeps it.
    pub(crate) fn deployments_to_branch(&self) {
        let now = "2026-01-10T00:00:00Z";
        self.git(now, now, &["checkout", "--quiet", "--orphan", "deployments"]);
        self.git(now, now, &["rm", "--quiet", "-r", "--cached", "."]);
        self.git(now, now, &["add", "deployments.jsonl"]);
        self.git(now, now, &["commit", "--quiet", "--message", "Deployments"]);
        fs::remove_file(self.path("deployments.jsonl")).unwrap();
        self.git(now, now, &["checkout", "--quiet", "--force", "main"]);
        assert!(!Path::exists(&self.path("deployments.jsonl")));
    }

    fn ask(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("--workspace")
            .arg(self.folder.path())
            .arg("dora")
            .args(arguments)
            .output()
            .unwrap()
    }

    /// What is said; the command succeeds.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.ask(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn report(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// What is said when the command has no answer.
    pub(crate) fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.ask(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }
}
