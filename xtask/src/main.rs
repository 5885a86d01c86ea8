//! Chores around the workspace: `cargo xtask new app` makes an app, `cargo xtask package` what is deployed, `cargo xtask
//! settings` the sample of local settings, `cargo xtask catalogue` that of events.

mod archive;
mod bench;
mod bill;
mod build;
mod cargo;
mod catalogue;
mod contents;
mod contracts;
mod dora;
mod failure;
mod git;
mod inputs;
mod licences;
mod linked;
mod new_app;
mod package;
mod promises;
mod sample;
mod schemas;
mod types;
mod workspace;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use failure::Failure;
use new_app::{Container, Made, Name, Queue, Team, Wish};
use workspace::Workspace;

// Selected for its back end only: the one in Rust without instructions of one processor, so that every machine
// makes the same bytes.
use flate2 as _;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of this workspace")]
struct Cli {
    /// Another workspace than the one that this program was built in
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Builds each app's package for Azure, its bill of materials and its licences; all apps if none is named
    Package {
        /// Where to put them
        #[arg(long, value_name = "DIR", default_value = "dist")]
        output: PathBuf,
        /// Refuses contracts with operations that are only planned (x-planned): for what goes to production
        #[arg(long)]
        release: bool,
        /// Folders below functions/
        apps: Vec<String>,
    },
    /// Builds the static binaries that packages hold and prints their paths; all apps if none is named
    Build {
        /// Another package of the workspace, and its binary of that name, built as a handler is
        #[arg(long = "program", value_name = "NAME")]
        programs: Vec<String>,
        /// Folders below functions/
        apps: Vec<String>,
    },
    /// Makes what is new
    New {
        #[command(subcommand)]
        what: New,
    },
    /// Compares every contract and message with the last release. Exits with 1 if something breaks, with 2 if it cannot tell
    Contracts(contracts::Contracts),
    /// Holds every event type against its released versions, or releases one. Exits with 1 if somebody could not read what is
    /// sent, with 2 if it cannot tell
    Schemas(schemas::Schemas),
    /// Prints types for programs that read our events, in Rust or TypeScript
    Types(types::Wish),
    /// Says how fast changes reach customers: deployment frequency, lead time, failures, recovery, idea to code. Exits with 2 if
    /// a record cannot be read
    Dora(dora::Dora),
    /// Measures ours beside peers and writes docs/benchmarks.md
    Bench(bench::Bench),
    /// Writes local.settings.sample.json from the apps' app.json
    Settings,
    /// Writes functions/events/catalogue.json: the event types of all apps, who answers for them, sends and reads them
    Catalogue,
    /// Lists the apps
    Apps,
    /// Lists the files and folders that an app's package is made from
    Inputs {
        /// A folder below functions/
        app: String,
    },
}

#[derive(Subcommand)]
enum New {
    /// An app in functions/NAME: a contract with one resource, a queue function, store, health, dead letters, tests and
    /// pipeline; all of it or, whatever happens, nothing
    App {
        /// Lower-case letters, digits and hyphens: its folder, package, database and the first part of its routes
        name: Name,
        /// Its container and the path of the partition key
        #[arg(long, value_name = "NAME:/KEY", default_value = "records:/id")]
        container: Container,
        /// Its queue; the app's name is put in front
        #[arg(long, value_name = "NAME", default_value = "work")]
        queue: Queue,
        /// Whose it is: a file in teams/
        #[arg(long, value_name = "TEAM", default_value = "platform")]
        team: Team,
    },
}

fn main() -> ExitCode {
    let Cli { workspace, chore } = Cli::parse();
    let workspace = workspace.map_or_else(Workspace::ours, |root| Workspace::at(&root));
    let asks =
        matches!(chore, Chore::Contracts(_) | Chore::Schemas(_) | Chore::Types(_) | Chore::Dora(_));
    match run(&workspace, chore) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            // 1 is the answer of those that are asked something: 2 says that they have none.
            ExitCode::from(if asks { 2 } else { 1 })
        }
    }
}

fn run(workspace: &Workspace, chore: Chore) -> Result<ExitCode, Failure> {
    match chore {
        Chore::Package { output, release, apps } => {
            let apps = workspace.chosen(&apps)?;
            // Before anything is built, which takes minutes.
            apps.iter().try_for_each(|app| promises::check(app, release))?;
            let binaries = build::static_binaries(workspace, &apps, &[])?;
            for (app, binary) in apps.iter().zip(&binaries) {
                say(format_args!("{}", package::package(workspace, app, binary, &output)?))?;
            }
        }
        Chore::Build { programs, apps } => {
            let apps = workspace.chosen(&apps)?;
            for binary in build::static_binaries(workspace, &apps, &programs)? {
                say(format_args!("{}", binary.display()))?;
            }
        }
        Chore::New { what: New::App { name, container, queue, team } } => {
            let Made { folder, files, lines } =
                new_app::make(workspace, &Wish { name, container, queue, team })?;
            let name = folder.file_name().unwrap_or_default().display();
            say(format_args!("{}: {files} files, {lines} lines", folder.display()))?;
            say(format_args!(
                "next: cargo test --package {name}; cargo run; http://127.0.0.1:7071/{name}/v1/docs"
            ))?;
        }
        Chore::Contracts(wish) => {
            let breaks = contracts::breaks(workspace, &wish)?;
            return Ok(if breaks { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        Chore::Schemas(wish) => {
            let breaks = schemas::run(workspace, &wish)?;
            return Ok(if breaks { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        Chore::Types(wish) => print(&types::written(workspace, &wish)?)?,
        Chore::Bench(wish) => bench::run(workspace, &wish)?,
        Chore::Dora(wish) => dora::run(workspace, &wish)?,
        Chore::Settings => say(format_args!("{} written", sample::write(workspace)?))?,
        Chore::Catalogue => say(format_args!("{} written", catalogue::write(workspace)?))?,
        Chore::Apps => say(format_args!("{}", workspace.apps()?.join("\n")))?,
        Chore::Inputs { app } => {
            for app in workspace.chosen(&[app])? {
                say(format_args!("{}", inputs::inputs(workspace, &app)?.join("\n")))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    print(&format!("{line}\n"))
}

fn print(text: &str) -> Result<(), Failure> {
    write!(io::stdout(), "{text}")
        .map_err(|source| Failure::file("writing", "standard output", source))
}
