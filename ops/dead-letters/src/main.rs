//! Dead letters of all apps, and the mainframe's lag, from a terminal, for whoever is on call.

mod api;
mod apps;
mod cli;
mod commands;
mod letters;
mod mainframe;
mod print;

use api::Failure;
use clap::Parser;
use cli::Cli;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // An error means that somebody chose before us, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match commands::run(Cli::parse()).await {
        Ok(commands::Outcome::Whole) => ExitCode::SUCCESS,
        Ok(commands::Outcome::Partial) => ExitCode::from(cli::SOME_FAILED),
        Err(failure) => {
            print::failure(&failure);
            ExitCode::from(match failure {
                Failure::Refused { .. } => cli::REFUSED,
                Failure::Unreachable(_) => cli::UNREACHABLE,
                Failure::Usage(_) => cli::USAGE,
            })
        }
    }
}
