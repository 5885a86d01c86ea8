//! `cargo xtask schemas`: whether everybody can read what is sent, whichever version of an event type they hold.

mod freeze;
mod frozen;
pub(crate) mod releases;
mod report;
pub(crate) mod types;

use std::time::Instant;

use clap::{Args, Subcommand};
use schema_compatibility::{Mode, check_all};

use crate::{failure::Failure, git::Git, workspace::Workspace};

use report::{Broken, Report};
use types::{EventType, Types};

/// What is asked of the schemas.
#[derive(Debug, Args)]
pub(crate) struct Schemas {
    #[command(subcommand)]
    what: Option<What>,
    /// For programs: docs/event-schemas.md
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Freezes the schema of an event type as its next version, if all that its mode asks for can read it
    Release(Release),
}

/// What is released.
#[derive(Debug, Args)]
pub(crate) struct Release {
    /// The event type, such as com.iommi.sales.ordered.v1
    event_type: String,
    /// The team that answers for the type; said at its first release
    #[arg(long, value_name = "TEAM")]
    owner: Option<String>,
    /// The event hub on which it is sent; said at its first release
    #[arg(long, value_name = "HUB")]
    hub: Option<String>,
    /// Who must be able to read what; full-transitive if nothing is said at the first release
    #[arg(long)]
    mode: Option<Mode>,
}

/// Checks all event types, or releases one; says whether something breaks.
pub(crate) fn run(workspace: &Workspace, wish: &Schemas) -> Result<bool, Failure> {
    let began = Instant::now();
    let Types { types, without_schema } = types::of(workspace)?;
    let mut report = Report::default();
    for folder in without_schema {
        report.broken.push(Broken::no_schema(&folder));
    }
    if let Some(What::Release(release)) = &wish.what {
        let chosen = types::named(&types, &release.event_type)?;
        judge(chosen, &mut report)?;
        if report.breaks() {
            crate::say(format_args!("{}", report.shown(wish.json, began.elapsed())))?;
            return Ok(true);
        }
        let path = freeze::release(workspace.root(), chosen, release)?;
        crate::say(format_args!("{path} written: commit it; it never changes again"))?;
        return Ok(false);
    }
    let mut unreadable = Vec::new();
    for event_type in &types {
        match judge(event_type, &mut report) {
            Err(Failure::Schemas(lines)) => unreadable.extend(lines),
            other => other?,
        }
    }
    if !unreadable.is_empty() {
        return Err(Failure::Schemas(unreadable));
    }
    report.broken.extend(frozen::changed(&Git::at(workspace.root()), workspace.root(), &types)?);
    crate::say(format_args!("{}", report.shown(wish.json, began.elapsed())))?;
    Ok(report.breaks())
}

/// Holds the schema of a type against its released versions.
fn judge(event_type: &EventType, report: &mut Report) -> Result<(), Failure> {
    let unreadable =
        |error: schema_compatibility::Unreadable| Failure::Schemas(vec![error.to_string()]);
    let newest = event_type.schema().map_err(unreadable)?;
    let Some(releases) = &event_type.releases else {
        report.counts(0);
        return Ok(());
    };
    let earlier: Result<Vec<_>, _> =
        releases.versions.iter().map(releases::Version::schema).collect();
    report.counts(releases.versions.len());
    report.findings.extend(check_all(releases.mode, &earlier.map_err(unreadable)?, &newest));
    if let Some(last) = releases.versions.last()
        && let Some(before) = types::name_of(last.form, &last.text)
        && before != event_type.name
    {
        report.broken.push(Broken::renamed(&event_type.path, &before, &event_type.name));
    }
    Ok(())
}
