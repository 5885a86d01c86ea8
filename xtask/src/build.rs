//! The static binaries of apps.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    cargo::{self, Metadata, TARGET},
    failure::Failure,
    workspace::{App, Workspace},
};

/// Between the words of `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\u{1f}";
/// Addresses that the start-up code corrects in a position-independent binary are listed as a bitmap (`DT_RELR`, which
/// musl reads since 1.2.4) and not at 24 bytes each: half a megabyte of a handler.
const PACKED_RELOCATIONS: &str = "-Clink-arg=-Wl,-z,pack-relative-relocs";

/// Programs, and for what they were built.
pub(crate) struct Built {
    /// Their paths, in the order in which they were wanted.
    pub(crate) programs: Vec<PathBuf>,
    /// None for this machine's own target.
    pub(crate) target: Option<&'static str>,
}

/// Builds the static binaries of these apps and programs in one go, and answers with where they are, in the same order.
/// A program is a package of the workspace, and a binary, that is no app: it is built as a handler is.
pub(crate) fn static_binaries(
    workspace: &Workspace,
    wanted: &[App],
    programs: &[String],
) -> Result<Vec<PathBuf>, Failure> {
    binaries(workspace, wanted, programs, Some(TARGET))
}

/// The same for a measurement: where the toolchain lacks the target, for this machine's own, with everything else as
/// it is shipped.
pub(crate) fn as_shipped(workspace: &Workspace, wanted: &[App]) -> Result<Built, Failure> {
    let target = has_target(workspace).then_some(TARGET);
    Ok(Built { programs: binaries(workspace, wanted, &[], target)?, target })
}

/// Builds programs that are not shipped, in release too, and answers with the folder that they are in.
pub(crate) fn tools(
    workspace: &Workspace,
    binaries: &[&str],
    examples: &[&str],
) -> Result<PathBuf, Failure> {
    let metadata = Metadata::read(workspace)?;
    let mut arguments = vec!["build", "--release", "--locked", "--workspace"];
    arguments.extend(binaries.iter().flat_map(|name| ["--bin", name]));
    arguments.extend(examples.iter().flat_map(|name| ["--example", name]));
    let mut command = cargo::cargo(workspace);
    // The flags of what is shipped: what both stand on is compiled once.
    command.args(&arguments).env("CARGO_ENCODED_RUSTFLAGS", rustflags(workspace, &metadata));
    let status = command.status().map_err(Failure::NoCargo)?;
    if !status.success() {
        return Err(Failure::Cargo { command: arguments.join(" "), output: String::new() });
    }
    Ok(metadata.target_directory.join("release"))
}

/// Cargo gives packages that are built together each other's features, so it is always told of all apps, whichever
/// binaries are wanted: every package then has the same bytes whatever it was asked for beside, and the crates that apps
/// share are compiled once.
fn binaries(
    workspace: &Workspace,
    wanted: &[App],
    programs: &[String],
    target: Option<&'static str>,
) -> Result<Vec<PathBuf>, Failure> {
    let metadata = Metadata::read(workspace)?;
    let all = workspace.apps()?;
    let names: Vec<&str> =
        wanted.iter().map(|app| &app.name).chain(programs).map(String::as_str).collect();
    let mut arguments = vec!["build", "--release", "--locked"];
    arguments.extend(target.into_iter().flat_map(|target| ["--target", target]));
    arguments.extend(all.iter().chain(programs).flat_map(|name| ["--package", name.as_str()]));
    arguments.extend(names.iter().flat_map(|name| ["--bin", name]));
    let mut command = cargo::cargo(workspace);
    command
        .args(&arguments)
        .args(["--message-format", "json-render-diagnostics"])
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(workspace, &metadata))
        .stderr(Stdio::inherit());
    let output = command.output().map_err(Failure::NoCargo)?;
    if !output.status.success() {
        return Err(match target {
            Some(target) if !has_target(workspace) => Failure::NoTarget(target),
            _ => Failure::Cargo { command: arguments.join(" "), output: String::new() },
        });
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let binary = |name: &&str| {
        executable(&messages, name).ok_or_else(|| Failure::CargoAnswer {
            command: arguments.join(" "),
            line: format!("no executable of {name}"),
        })
    };
    names.iter().map(binary).collect()
}

/// The words of `CARGO_ENCODED_RUSTFLAGS`.
fn rustflags(workspace: &Workspace, metadata: &Metadata) -> OsString {
    let mut words = without_machine_paths(workspace, metadata);
    words.push(PACKED_RELOCATIONS.into());
    words.join(OsStr::new(SEPARATOR))
}

/// A panic names its source file; where that lies on the machine that builds is nobody's business, and would make
/// other bytes on another machine.
fn without_machine_paths(workspace: &Workspace, metadata: &Metadata) -> Vec<OsString> {
    let registry = metadata.packages.iter().filter(|package| package.source.is_some());
    let sources = registry.filter_map(|package| package.manifest_path.parent()?.parent());
    let sources = sources.min().map(Path::to_owned);
    // A later word wins, so the most exact comes last.
    let known = [
        Some((workspace.root().to_owned(), "/iommi")),
        Some((metadata.target_directory.clone(), "/iommi/target")),
        sources.map(|folder| (folder, "/crates")),
    ];
    let remapped = |(folder, name): (PathBuf, &str)| {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(folder);
        flag.push("=");
        flag.push(name);
        flag
    };
    known.into_iter().flatten().map(remapped).collect()
}

/// The path of the binary, from what cargo says line by line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ours = messages.filter(|message| message["target"]["name"] == name);
    ours.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back()
}

/// Whether the toolchain can build for the target.
fn has_target(workspace: &Workspace) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = std::process::Command::new(rustc);
    command.args(["--print", "target-libdir", "--target", TARGET]).current_dir(workspace.root());
    let folder =
        command.output().ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    folder.is_none_or(|folder| Path::new(folder.trim()).is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_is_the_one_that_cargo_names() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"bakery"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"oven"},"executable":"/t/oven"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"bakery"},"executable":"/t/bakery"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#
        );
        assert_eq!(executable(messages, "bakery"), Some(PathBuf::from("/t/bakery")));
        assert_eq!(executable(messages, "kitchen"), None);
    }
}
