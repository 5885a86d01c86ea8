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
    /// Builds the static binary that a package holds and prints its path; all apps if none is named
    Build {
        /// Folders below functions/
        apps: Vec<String>,
    },
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
            for app in workspace.chosen(&apps)? {
                say(format_args!("{}", package::package(&workspace, &app, &output)?))?;
            }
        }
        Chore::Build { apps } => {
            for app in workspace.chosen(&apps)? {
                say(format_args!("{}", build::static_binary(&workspace, &app)?.display()))?;
            }
        }
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
