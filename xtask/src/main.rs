//! Chores around the workspace: `cargo xtask package` makes what is deployed, `cargo xtask inputs` says what it is
//! made from.

mod archive;
mod bill;
mod build;
mod cargo;
mod contents;
mod failure;
mod inputs;
mod licences;
mod linked;
mod package;
mod sample;
mod workspace;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use failure::Failure;
use workspace::Workspace;

// Selected for its back end only: the one in Rust without instructions of one processor, so that every machine
// makes the same bytes.
use flate2 as _;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of this workspace")]
struct Cli {
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
        /// Folders below functions/
        apps: Vec<String>,
    },
    /// Builds the static binaries that packages hold and prints their paths; all apps if none is named
    Build {
        /// Folders below functions/
        apps: Vec<String>,
    },
    /// Writes local.settings.sample.json from the apps' app.json
    Settings,
    /// Lists the apps
    Apps,
    /// Lists the files and folders that an app's package is made from
    Inputs {
        /// A folder below functions/
        app: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<(), Failure> {
    let workspace = Workspace::ours();
    match chore {
        Chore::Package { output, apps } => {
            let apps = workspace.chosen(&apps)?;
            let binaries = build::static_binaries(&workspace, &apps)?;
            for (app, binary) in apps.iter().zip(&binaries) {
                say(format_args!("{}", package::package(&workspace, app, binary, &output)?))?;
            }
        }
        Chore::Build { apps } => {
            for binary in build::static_binaries(&workspace, &workspace.chosen(&apps)?)? {
                say(format_args!("{}", binary.display()))?;
            }
        }
        Chore::Settings => say(format_args!("{} written", sample::write(&workspace)?))?,
        Chore::Apps => say(format_args!("{}", workspace.apps()?.join("\n")))?,
        Chore::Inputs { app } => {
            for app in workspace.chosen(&[app])? {
                say(format_args!("{}", inputs::inputs(&workspace, &app)?.join("\n")))?;
            }
        }
    }
    Ok(())
}

fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    writeln!(io::stdout(), "{line}")
        .map_err(|source| Failure::file("writing", "standard output", source))
}
