//! Building the apps and simulators of a Cargo workspace, only when they are out of date.
//!
//! Cargo is not asked whether there is anything to do: that alone takes longer than the whole start may. Instead the
//! dep-info file beside each binary (`<bin>.d`, every source of the binary and of the workspace crates it uses) and
//! the manifests are compared with the time of the last build.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::SystemTime,
};

use tokio::process::Command;

use crate::{Executable, log::HOST, log::Log};

/// The folder of a profile's binaries, and the argument that selects it.
const PROFILE: (&str, Option<&str>) =
    if cfg!(debug_assertions) { ("debug", None) } else { ("release", Some("--release")) };

/// What cargo tells a test of the package under test: build scripts that look at it would run again, and everything that
/// stands on them would be compiled once more.
const OF_ANOTHER_PACKAGE: [&str; 6] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// Why an app could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Cargo could not be started.
    #[error(
        "building {packages}: starting cargo: {source}; is Rust installed and `cargo` on the PATH?"
    )]
    NoCargo {
        /// The packages.
        packages: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Cargo has printed why.
    #[error(
        "building {packages} failed, see the compiler's messages above; correct them and start again"
    )]
    Failed {
        /// The packages.
        packages: String,
    },
}

/// Builds what is out of date, with one call of cargo per workspace; its progress and messages go to standard error.
pub(crate) async fn build_stale(
    executables: impl Iterator<Item = &Executable>,
    log: &Log,
) -> Result<(), BuildError> {
    let mut stale: Vec<(&Path, Vec<&str>)> = Vec::new();
    for executable in executables {
        let Executable::Cargo { package, workspace } = executable else { continue };
        if let Some(reason) = staleness(workspace, package) {
            log.info(HOST, format_args!("building {package}: {reason}"));
            match stale.iter_mut().find(|(known, _)| known == workspace) {
                Some((_, packages)) => packages.push(package),
                None => stale.push((workspace, vec![package])),
            }
        }
    }
    log.flush();
    for (workspace, packages) in stale {
        build(workspace, &packages).await?;
    }
    Ok(())
}

/// The program, unless an app's `host.json` names it.
pub(crate) fn program(executable: &Executable) -> Option<PathBuf> {
    match executable {
        Executable::Built(path) => Some(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
        Executable::Cargo { package, workspace } => Some(profile_folder(workspace).join(package)),
        Executable::HostJson => None,
    }
}

async fn build(workspace: &Path, packages: &[&str]) -> Result<(), BuildError> {
    let began = SystemTime::now();
    let mut command = Command::from(cargo());
    command
        .arg("build")
        .args(PROFILE.1)
        .current_dir(workspace)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    for package in packages {
        command.args(["--bin", package]);
    }
    let names = packages.join(", ");
    let status = command.status().await;
    let status =
        status.map_err(|source| BuildError::NoCargo { packages: names.clone(), source })?;
    if !status.success() {
        return Err(BuildError::Failed { packages: names });
    }
    let folder = profile_folder(workspace);
    for package in packages {
        note_build(&folder, package, began);
    }
    Ok(())
}

/// Cargo, as it is started from a shell: also a test that starts it this way compiles nothing twice.
#[must_use]
pub fn cargo() -> std::process::Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(program);
    for name in std::env::vars_os().map(|(name, _)| name) {
        let text = name.to_string_lossy();
        if OF_ANOTHER_PACKAGE.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}

/// A note beside the binary. Its time is when our last build began: a source saved while cargo was at work is newer
/// than that, though older than the binary. Its text is the time of the binary that the build left, so that a later
/// `cargo build` by hand is told apart; and as cargo leaves a binary alone when nothing had to be done, the note also
/// remembers that cargo was asked.
fn note(folder: &Path, package: &str) -> PathBuf {
    folder.join(format!(".{package}.built"))
}

fn note_build(folder: &Path, package: &str, began: SystemTime) {
    let Some(binary) = modified(&folder.join(package)) else { return };
    let path = note(folder, package);
    // Without the note the next start may ask cargo once more.
    if std::fs::write(&path, as_text(binary)).is_ok()
        && let Ok(file) = std::fs::File::options().write(true).open(&path)
    {
        let _ = file.set_modified(began);
    }
}

/// When the sources that are in the binary were read, as far as is known.
fn built_at(folder: &Path, package: &str) -> Option<SystemTime> {
    let binary = modified(&folder.join(package))?;
    let path = note(folder, package);
    let is_ours = std::fs::read_to_string(&path).is_ok_and(|text| text == as_text(binary));
    if is_ours { modified(&path) } else { Some(binary) }
}

fn as_text(time: SystemTime) -> String {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// Why a binary must be built, or nothing.
fn staleness(workspace: &Path, package: &str) -> Option<String> {
    let folder = profile_folder(workspace);
    let Some(built) = built_at(&folder, package) else {
        return Some("it has not been built yet".to_owned());
    };
    let Ok(dep_info) = std::fs::read_to_string(folder.join(format!("{package}.d"))) else {
        return Some("cargo's list of its sources is missing".to_owned());
    };
    let manifests =
        ["Cargo.lock", "Cargo.toml", ".cargo/config.toml"].map(|name| workspace.join(name));
    let of_package = ["functions", "local"]
        .map(|folder| workspace.join(folder).join(package).join("Cargo.toml"));
    let optional = manifests.into_iter().chain(of_package).filter(|path| path.exists());
    // What build scripts wrote is no source: cargo lists what they made it from as well, and runs them again for
    // documentation alone.
    let newer = sources(&dep_info)
        .map(PathBuf::from)
        .filter(|path| !path.starts_with(&folder))
        .chain(optional)
        .find(|path| modified(path).is_none_or(|modified| modified > built));
    newer.map(|path| {
        format!("{} has changed", path.strip_prefix(workspace).unwrap_or(&path).display())
    })
}

/// The right-hand side of a Makefile rule: paths separated by spaces, spaces inside escaped.
fn sources(dep_info: &str) -> impl Iterator<Item = String> {
    let line = dep_info.lines().next().unwrap_or_default();
    let list = line.split_once(": ").map_or("", |(_, list)| list);
    let mut paths = vec![String::new()];
    let mut characters = list.chars().peekable();
    while let Some(c) = characters.next() {
        let last = paths.last_mut().expect("the list starts with one path");
        match c {
            '\\' if characters.next_if_eq(&' ').is_some() => last.push(' '),
            ' ' => paths.push(String::new()),
            other => last.push(other),
        }
    }
    paths.into_iter().filter(|path| !path.is_empty())
}

/// `target/debug` or `target/release`: of the running host when it comes from a target folder, else the workspace's.
fn profile_folder(workspace: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(|folder| workspace.join(folder));
    target
        .or_else(|| own_target_folder(workspace))
        .unwrap_or_else(|| workspace.join("target"))
        .join(PROFILE.0)
}

/// The target folder that this program was built into, if that was for this workspace. Cargo marks target folders
/// with `CACHEDIR.TAG`.
fn own_target_folder(workspace: &Path) -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let folder = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file())?;
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR"));
    let canonical = workspace.canonicalize().ok()?;
    built_from.starts_with(canonical).then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn paths_with_spaces_are_one_path() {
        let paths: Vec<_> =
            sources("/t/debug/app: /a/b.rs /a/my\\ app/c.rs\n\nmore: x\n").collect();
        assert_eq!(paths, ["/a/b.rs", "/a/my app/c.rs"]);
    }

    /// A workspace with one built package; returns it, its target folder and its one source file.
    fn workspace() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let workspace = tempfile::tempdir().unwrap();
        let folder = profile_folder(workspace.path());
        std::fs::create_dir_all(&folder).unwrap();
        let source = workspace.path().join("main.rs");
        std::fs::write(&source, "").unwrap();
        std::fs::write(workspace.path().join("Cargo.lock"), "").unwrap();
        std::fs::write(folder.join("app"), "").unwrap();
        std::fs::write(
            folder.join("app.d"),
            format!("{}: {}\n", folder.join("app").display(), source.display()),
        )
        .unwrap();
        (workspace, folder, source)
    }

    fn set_time(path: &Path, seconds: u64) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn a_binary_newer_than_everything_is_not_built() {
        let (workspace, folder, source) = workspace();
        set_time(&source, 100);
        set_time(&workspace.path().join("Cargo.lock"), 100);
        set_time(&folder.join("app"), 200);
        assert_eq!(staleness(workspace.path(), "app"), None);
    }

    #[test]
    fn a_changed_source_or_lock_file_or_a_missing_binary_asks_for_a_build() {
        let (workspace, folder, source) = workspace();
        let lock = workspace.path().join("Cargo.lock");
        for (changed, expected) in
            [(&source, "main.rs has changed"), (&lock, "Cargo.lock has changed")]
        {
            [&source, &lock].iter().for_each(|path| set_time(path, 100));
            set_time(&folder.join("app"), 200);
            set_time(changed, 300);
            assert_eq!(staleness(workspace.path(), "app").as_deref(), Some(expected));
        }
        std::fs::remove_file(folder.join("app")).unwrap();
        assert_eq!(
            staleness(workspace.path(), "app").as_deref(),
            Some("it has not been built yet")
        );
    }

    #[test]
    fn what_a_build_script_wrote_is_no_source() {
        let (workspace, folder, source) = workspace();
        let made = folder.join("build/app-1/out/page.html");
        std::fs::create_dir_all(made.parent().unwrap()).unwrap();
        std::fs::write(&made, "").unwrap();
        let rule = format!("app: {} {}\n", source.display(), made.display());
        std::fs::write(folder.join("app.d"), rule).unwrap();
        [&source, &workspace.path().join("Cargo.lock")].iter().for_each(|path| set_time(path, 100));
        set_time(&folder.join("app"), 200);
        set_time(&made, 300);
        assert_eq!(staleness(workspace.path(), "app"), None);
    }

    #[test]
    fn a_build_that_left_the_binary_alone_is_remembered() {
        let (workspace, folder, source) = workspace();
        set_time(&workspace.path().join("Cargo.lock"), 300);
        set_time(&source, 100);
        set_time(&folder.join("app"), 200);
        note_build(&folder, "app", SystemTime::UNIX_EPOCH + Duration::from_secs(400));
        assert_eq!(staleness(workspace.path(), "app"), None);
    }

    #[test]
    fn a_source_saved_while_cargo_was_at_work_asks_for_another_build() {
        let (workspace, folder, source) = workspace();
        set_time(&workspace.path().join("Cargo.lock"), 100);
        set_time(&folder.join("app"), 300);
        note_build(&folder, "app", SystemTime::UNIX_EPOCH + Duration::from_secs(200));
        set_time(&source, 250);
        assert!(staleness(workspace.path(), "app").is_some());
        set_time(&folder.join("app"), 400);
        assert_eq!(staleness(workspace.path(), "app"), None, "built by hand since");
    }
}
