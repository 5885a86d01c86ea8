//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Some letters were not dealt with; they are named and stay open.
pub(crate) const SOME_FAILED: u8 = 1;
/// The command line makes no sense; also clap's own code.
pub(crate) const USAGE: u8 = 2;
/// The app refused: there is no such letter, it has changed, or the key is wrong.
pub(crate) const REFUSED: u8 = 3;
/// The app does not answer.
pub(crate) const UNREACHABLE: u8 = 4;

/// Dead letters of all apps, and the mainframe's lag.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done; 1 some letters were not dealt with; 2 wrong usage; 3 refused; 4 no answer"
)]
pub(crate) struct Cli {
    /// Where the platform is
    #[arg(long, global = true, env = "DEAD_LETTERS_URL", default_value = "http://127.0.0.1:7071")]
    pub(crate) url: String,
    /// Only this app's letters; all apps' if you do not say
    #[arg(long, global = true, env = "DEAD_LETTERS_APP")]
    pub(crate) app: Option<String>,
    /// The function key of the app, or of those that share it
    #[arg(long, global = true, env = "DEAD_LETTERS_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// Print JSON: one value a line for lists, else one value
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List dead letters, the latest first
    List {
        #[command(flatten)]
        filter: Filter,
        /// open, redriven, discarded or any
        #[arg(long, default_value = "open")]
        state: String,
        /// Stop after this many
        #[arg(long, default_value_t = 100)]
        most: usize,
    },
    /// Show one letter with its message and all that was done about it
    Show { id: String },
    /// Put a file's content in the place of a letter's message
    Edit {
        id: String,
        /// The new message; - reads standard input
        #[arg(long)]
        file: PathBuf,
    },
    /// Send the message of letters once more
    Redrive {
        #[command(flatten)]
        which: Which,
        /// Why, for the record
        #[arg(long)]
        why: Option<String>,
    },
    /// Close letters without doing anything about them
    Discard {
        #[command(flatten)]
        which: Which,
        /// Why, for the record
        #[arg(long)]
        why: String,
    },
    /// Send current state to the mainframe again
    Resend {
        #[command(flatten)]
        scope: Scope,
        /// Do not wait until it is done
        #[arg(long)]
        no_wait: bool,
    },
    /// How far the mainframe is behind
    Status {
        /// Of this profile only
        #[arg(long)]
        profile: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// given-up, poison, or a reason of the app's own, such as legacy's refused
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Only those about this, such as the id of a profile
    #[arg(long, alias = "subject")]
    pub(crate) profile: Option<String>,
    /// Only those reported since, such as 2026-03-01T08:00:00Z
    #[arg(long)]
    pub(crate) since: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// These letters
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(crate) ids: Vec<String>,
    /// All open letters, or those that the filter selects
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) filter: Filter,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Scope {
    /// Of this profile
    #[arg(long, conflicts_with_all = ["from", "to", "everything"])]
    pub(crate) profile: Option<String>,
    /// Of all that were sent or answered from this time on
    #[arg(long, requires = "to", conflicts_with = "everything")]
    pub(crate) from: Option<String>,
    /// and before this one
    #[arg(long, requires = "from")]
    pub(crate) to: Option<String>,
    /// Of all profiles
    #[arg(long)]
    pub(crate) everything: bool,
}
