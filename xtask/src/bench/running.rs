//! One part, measured now.

use std::{fs, io::ErrorKind, path::Path, process::Command, time::Instant};

use jiff::Timestamp;

use super::{
    machine, parts,
    programs::Programs,
    results::{self, Measured, Said},
};
use crate::{failure::Failure, git::Git, workspace::Workspace};

/// What scripts write goes here, from the workspace's folder.
const WRITTEN: &str = "target/bench";
/// Of a commit's id.
const SHORT: usize = 10;

/// Runs the scripts of a part, and says what they found.
pub(crate) fn measure(
    workspace: &Workspace,
    part: &parts::Part,
    programs: &Programs,
    quick: bool,
) -> Result<results::Part, Failure> {
    let machine = machine::here();
    let began = Instant::now();
    let mut all = Said { figures: Vec::new(), notes: Vec::new(), versions: Default::default() };
    for script in part.scripts {
        let said = run(workspace, script, programs, quick)?;
        all.figures.extend(said.figures);
        all.notes.extend(said.notes);
        all.versions.extend(said.versions);
    }
    let git = Git::at(workspace.root());
    let head = git.ask(&["rev-parse", "HEAD"])?;
    // What the bench itself writes is no change of what is measured.
    let differs = git.ask(&["status", "--porcelain", "--", ".", ":!docs"])?;
    let measured = Measured {
        date: Timestamp::now().strftime("%Y-%m-%d").to_string(),
        commit: head.trim().chars().take(SHORT).collect(),
        changed: !differs.trim().is_empty(),
        quick,
        build: programs.build.clone(),
        took_s: began.elapsed().as_secs(),
        machine,
    };
    Ok(results::Part { measured, versions: all.versions, figures: all.figures, notes: all.notes })
}

/// Runs a script: it is done when it has written what it found. That it ends with 1 then means that a target of its own is
/// missed, which the document shows.
fn run(
    workspace: &Workspace,
    script: &parts::Script,
    programs: &Programs,
    quick: bool,
) -> Result<Said, Failure> {
    let folder = workspace.root().join(WRITTEN);
    fs::create_dir_all(&folder).map_err(|source| Failure::file("making", &folder, source))?;
    let written = folder.join(script.path.replace(['/', '.'], "-")).with_extension("json");
    forget(&written)?;
    let own = if quick { script.quick } else { script.full };
    let status = Command::new("python3")
        .arg(workspace.root().join(script.path))
        .args(script.always.iter().chain(own).map(|argument| programs.filled(argument)))
        .arg("--json")
        .arg(&written)
        .current_dir(workspace.root())
        .env_remove("RUST_BACKTRACE")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "")
        .status()
        .map_err(|source| Failure::file("starting python3 for", script.path, source))?;
    if !written.is_file() {
        return Err(Failure::NothingMeasured { script: script.path, status: status.to_string() });
    }
    results::read(&written)
}

fn forget(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::file("removing", file, error))
        }
        _ => Ok(()),
    }
}
