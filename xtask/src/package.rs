//! A package of an app and its two companions.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

use crate::{
    archive::archive,
    bill::bill,
    contents::contents,
    failure::Failure,
    licences::licences,
    linked::linked,
    workspace::{App, Workspace},
};

/// What was made, as the line that tells of it.
pub(crate) struct Package {
    path: PathBuf,
    bytes: usize,
    functions: usize,
    crates: usize,
    sha256: String,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, bytes, functions, crates, sha256 } = self;
        write!(
            f,
            "{}: {bytes} bytes, {functions} functions, {crates} crates, sha256 {sha256}",
            path.display()
        )
    }
}

/// Writes `<app>.zip`, `<app>.sbom.cdx.json` and `<app>.licences.md` into `output`, which is made if it is not there.
pub(crate) fn package(
    workspace: &Workspace,
    app: &App,
    binary: &Path,
    output: &Path,
) -> Result<Package, Failure> {
    let entries = contents(&workspace.root().join("host.json"), &app.folder, binary)?;
    let output = workspace.root().join(output);
    fs::create_dir_all(&output).map_err(|source| Failure::file("making", &output, source))?;
    let path = output.join(format!("{}.zip", app.name));
    let zip = archive(&entries, &path)?;
    let sha256: String = Sha256::digest(&zip).iter().map(|byte| format!("{byte:02x}")).collect();
    write(&path, &zip)?;

    let crates = linked(workspace, app)?;
    let bill = bill(&app.name, &sha256, &rust_version(), &crates);
    write(&output.join(format!("{}.sbom.cdx.json", app.name)), format!("{bill:#}\n").as_bytes())?;
    let list = licences(&app.name, &crates)?;
    write(&output.join(format!("{}.licences.md", app.name)), list.as_bytes())?;

    let functions = entries.iter().filter(|entry| entry.name.ends_with("/function.json")).count();
    Ok(Package { path, bytes: zip.len(), functions, crates: crates.len(), sha256 })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|source| Failure::file("writing", path, source))
}

/// Such as `1.95.0`.
fn rust_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let word = text.ok().and_then(|text| text.split_whitespace().nth(1).map(str::to_owned));
    word.unwrap_or_else(|| "unknown".to_owned())
}
