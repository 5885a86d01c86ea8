//! What each command is.

use crate::api::{Api, Failure};
use crate::apps::App;
use crate::cli::{Cli, Command};
use crate::{letters, mainframe};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Whole,
    /// Some letters were not dealt with.
    Partial,
}

pub(crate) async fn run(cli: Cli) -> Result<Outcome, Failure> {
    let Cli { url, app, key, json, command } = cli;
    let of = |app| Api::new(&url, key.clone(), app);
    let apps = || App::wanted(app.as_deref()).into_iter().map(of).collect::<Result<Vec<_>, _>>();
    match command {
        Command::List { filter, state, most } => {
            letters::list(&apps()?, &filter, &state, most, json).await
        }
        Command::Show { id } => letters::show(&apps()?, &id, json).await,
        Command::Edit { id, file } => letters::edit(&apps()?, &id, &file, json).await,
        Command::Redrive { which, why } => {
            letters::decide(&apps()?, "redrive", &which, why, json).await
        }
        Command::Discard { which, why } => {
            letters::decide(&apps()?, "discard", &which, Some(why), json).await
        }
        Command::Resend { scope, no_wait } => {
            mainframe::resend(&of(App::legacy())?, &scope, no_wait, json).await
        }
        Command::Status { profile } => {
            mainframe::status(&of(App::legacy())?, profile.as_deref(), json).await
        }
    }
}
