//! What can go wrong, and what to do about it.

use std::{io, path::Path};

/// Why a chore was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no app `{name}` in functions/; the apps are {}", known.join(", "))]
    UnknownApp { name: String, known: Vec<String> },
    #[error("there is no team `{name}` in teams/; the teams are {}", known.join(", "))]
    UnknownTeam { name: String, known: Vec<String> },
    #[error("{doing} {what}: {source}")]
    File { doing: &'static str, what: String, source: io::Error },
    #[error("reading {what}: {source}")]
    Json { what: String, source: serde_json::Error },
    #[error(
        "host.json: customHandler.description.defaultExecutablePath is {found}; it must be a plain file name, as the package tools of Azure mark only that entry as executable"
    )]
    Executable { found: String },
    #[error(
        "{folder} has no folder with a function.json: a package without functions serves nothing"
    )]
    NoFunctions { folder: String },
    #[error(
        "{folder}: not the name of a function: a letter, then up to 127 letters, digits, `_` or `-`, and not the handler's name"
    )]
    FunctionName { folder: String },
    #[error(
        "app.json: files.{name}: not the name of a folder of files: small letters and digits, and no function's name"
    )]
    FilesName { name: String },
    #[error(
        "{path}: not a file that a package can have: put files there, without folders among them"
    )]
    NoFile { path: String },
    #[error("functions/{app} is no package:\n  {}", broken.join("\n  "))]
    Promises { app: String, broken: Vec<String> },
    #[error("an app cannot be called {name}: there is {by}; choose another name")]
    NameTaken { name: String, by: String },
    #[error(
        "functions: {one} and {other} give the setting {name} two values: give it two names, or one value (local.settings.sample.json has room for one)"
    )]
    TwoValues { name: String, one: String, other: String },
    #[error("starting git: {0}; is it installed and on the PATH?")]
    NoGit(io::Error),
    #[error("`git {command}` failed: {output}")]
    Git { command: String, output: String },
    #[error("there is no commit `{name}` here to compare with: is it fetched, and spelt right?")]
    NoBase { name: String },
    #[error(
        "the history is cut off here, so releases cannot be seen: fetch all of it with its tags (`git fetch --unshallow --tags`; fetchDepth: 0 and fetchTags: true in a pipeline)"
    )]
    Shallow,
    #[error("{} that cannot be read; mend them, then ask again:\n  {}", if .0.len() == 1 { "a record" } else { "records" }, .0.join("\n  "))]
    Records(Vec<String>),
    #[error("there is no event type `{name}`; the types are {}", known.join(", "))]
    UnknownEventType { name: String, known: Vec<String> },
    #[error("{name} was not released: {why}")]
    NotReleased { name: String, why: &'static str },
    #[error("schemas that cannot be judged; mend them, then ask again:\n  {}", .0.join("\n  "))]
    Schemas(Vec<String>),
    #[error("{0}")]
    Contract(#[from] contract_diff::Unreadable),
    #[error("{0}")]
    Bundle(#[from] contract_page::BundleError),
    #[error("starting cargo: {0}; is Rust installed and `cargo` on the PATH?")]
    NoCargo(io::Error),
    #[error("`cargo {command}` failed: {}", if output.is_empty() { "its messages are above" } else { output })]
    Cargo { command: String, output: String },
    #[error("`cargo {command}` answered what we do not understand: {line}")]
    CargoAnswer { command: String, line: String },
    #[error("the target {0} is not installed: rustup target add {0}")]
    NoTarget(&'static str),
    #[error("{package} says no licence in its manifest: find out before it is shipped")]
    NoLicence { package: String },
    #[error("{script} ended with {status} and wrote nothing; what it says is above")]
    NothingMeasured { script: &'static str, status: String },
    #[error("the bench:\n  {}", .0.join("\n  "))]
    Bench(Vec<String>),
    #[error("writing {what}: {source}")]
    Zip { what: String, source: zip::result::ZipError },
}

impl Failure {
    pub(crate) fn file(doing: &'static str, what: impl AsRef<Path>, source: io::Error) -> Self {
        Self::File { doing, what: what.as_ref().display().to_string(), source }
    }
}
