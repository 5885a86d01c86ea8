//! `cargo xtask contracts`: what the contracts break for those who hold the released ones.

mod base;
mod pairs;
mod report;
mod sources;

use std::{fs, path::PathBuf};

use clap::Args;
use contract_diff::{Document, Options, compare};

use crate::{failure::Failure, git::Git, workspace::Workspace};

use report::Report;

/// What is compared with what.
#[derive(Debug, Args)]
pub(crate) struct Contracts {
    /// A commit, branch or tag to compare with, in place of each app's last release
    #[arg(long, value_name = "REF", conflicts_with_all = ["old", "new"])]
    base: Option<String>,
    /// The old one of two files (OpenAPI document or JSON Schema) or folders that are compared without git
    #[arg(long, value_name = "PATH", requires = "new")]
    old: Option<PathBuf>,
    /// The new one
    #[arg(long, value_name = "PATH", requires = "old")]
    new: Option<PathBuf>,
    /// The day against which `x-sunset` is held, in place of today (UTC)
    #[arg(long, value_name = "DATE")]
    today: Option<jiff::civil::Date>,
    /// Only changes that break and warnings
    #[arg(long)]
    quiet: bool,
    /// For programs: docs/contracts.md
    #[arg(long)]
    json: bool,
}

/// Says what changed, and whether something breaks.
pub(crate) fn breaks(workspace: &Workspace, wish: &Contracts) -> Result<bool, Failure> {
    let today = wish
        .today
        .unwrap_or_else(|| jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date());
    let options = Options { today };
    let mut report = Report::default();
    match (&wish.old, &wish.new) {
        (Some(old), Some(new)) => {
            for pair in pairs::of_paths(old, new)? {
                compared(&mut report, &pair, &options)?;
            }
        }
        _ => since_release(workspace, wish.base.as_deref(), &options, &mut report)?,
    }
    crate::say(format_args!("{}", report.shown(wish.json, wish.quiet)))?;
    Ok(report.breaks())
}

/// Compares every app with its last release, or with one commit.
fn since_release(
    workspace: &Workspace,
    base: Option<&str>,
    options: &Options,
    report: &mut Report,
) -> Result<(), Failure> {
    let git = Git::at(workspace.root());
    let bases = base::bases(workspace, &git, base)?;
    for (app, base) in &bases {
        let Some(base) = base else {
            report.nothing_to_compare_with(app);
            continue;
        };
        report.compares(app, base);
        let old = sources::released(&git, &base.commit, app)?;
        let new = sources::current(workspace.root(), app)?;
        for pair in pairs::of_contracts(old, new) {
            compared(report, &pair, options)?;
        }
    }
    Ok(())
}

fn compared(report: &mut Report, pair: &pairs::Pair, options: &Options) -> Result<(), Failure> {
    match (&pair.old, &pair.new) {
        (Some(old), Some(new)) => {
            let document = |text: &sources::Text| {
                if pair.is_message {
                    Document::schema(&text.name, &text.text)
                } else {
                    Document::read(&text.name, &text.text)
                }
            };
            let (old, new) = (document(old)?, document(new)?);
            report.add(&pair.name, compare(&old, &new, options)?);
            if pair.is_message {
                report.add_renamed(&pair.name, &old, &new);
            }
        }
        (Some(_), None) => report.contract_removed(&pair.name, pair.is_message),
        (None, Some(new)) => {
            // A new one that cannot be read would pass now and stop whoever changes it next.
            if pair.is_message {
                Document::schema(&new.name, &new.text)
            } else {
                Document::read(&new.name, &new.text)
            }?;
            report.contract_added(&pair.name, pair.is_message);
        }
        (None, None) => {}
    }
    Ok(())
}

/// A file's text.
fn read(path: &std::path::Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::file("reading", path, source))
}
