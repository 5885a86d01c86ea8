//! `cargo xtask dora`: how fast changes reach customers, and how often they hurt. Definitions: docs/dora.md.

mod changes;
mod deployments;
mod figures;
mod frequency;
mod history;
mod ideas;
mod incidents;
mod operations;
mod picture;
mod report;
mod sources;
mod statistics;
mod window;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use clap::Args;

use crate::{
    failure::Failure,
    git::Git,
    inputs,
    workspace::{App, Workspace},
};

use changes::Carried;
use deployments::Deployment;
use history::History;
use report::Report;
use window::{Since, Until, Window};

/// What is looked at.
#[derive(Debug, Args)]
pub(crate) struct Dora {
    /// From when: a day (UTC), or how long before the end, such as P90D
    #[arg(long, value_name = "DATE|P90D", default_value = "P90D")]
    since: Since,
    /// To the end of this day (UTC), or to this moment; until now if not given
    #[arg(long, value_name = "DATE|TIME")]
    until: Option<Until>,
    /// The environment whose deployments count
    #[arg(long, value_name = "NAME", default_value = "production")]
    environment: String,
    /// What the pipeline wrote; `deployments.jsonl`, or that of the branch `deployments`, if not given
    #[arg(long, value_name = "FILE")]
    deployments: Option<PathBuf>,
    /// What went wrong; `incidents/` if not given
    #[arg(long, value_name = "DIR")]
    incidents: Option<PathBuf>,
    /// Draws the figures besides
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// For programs: docs/dora.md
    #[arg(long)]
    json: bool,
}

/// Says the figures, and draws them if asked.
pub(crate) fn run(workspace: &Workspace, wish: &Dora) -> Result<(), Failure> {
    let report = report(workspace, wish)?;
    if let Some(file) = &wish.svg {
        let picture = picture::draw(&report);
        fs::write(file, picture).map_err(|source| Failure::file("writing", file, source))?;
    }
    crate::say(format_args!(
        "{}",
        if wish.json { report.for_programs() } else { report.for_people() }
    ))
}

fn report(workspace: &Workspace, wish: &Dora) -> Result<Report, Failure> {
    let window = Window::of(&wish.since, wish.until.as_ref());
    let git = Git::at(workspace.root());
    let mut notes = Vec::new();
    let source = sources::deployments(workspace, &git, wish.deployments.as_deref(), &mut notes)?;
    let incidents = incidents::read(
        &wish.incidents.clone().unwrap_or_else(|| workspace.root().join("incidents")),
    );
    let (deployments, incidents) = match (source, incidents) {
        (Ok(deployments), Ok(incidents)) => (deployments, incidents),
        // Both are read to the end, so that everything is mended at once.
        (deployments, incidents) => {
            let wrong = deployments.err().into_iter().chain(incidents.err()).flatten();
            return Err(Failure::Records(wrong.collect()));
        }
    };
    let all = deployments::of_environment(deployments, &wish.environment, &mut notes);
    let shas: BTreeSet<&str> = all.iter().map(|deployment| deployment.sha.as_str()).collect();
    let history = History::read(&git, &shas, &mut notes)?;
    let mut apps = Vec::new();
    for (app, deployments) in by_app(workspace, &all)? {
        let paths = paths(workspace, &app, &mut notes);
        let touching = history.touching(&git, &paths)?;
        let carried = Carried::by(&app, &deployments, &history, &touching, &mut notes);
        let ideas = ideas::of(workspace, &git, &app, &carried)?;
        apps.push(figures::Facts { app, paths, carried, ideas });
    }
    let caused = incidents::causes(&incidents, &apps, &git, &mut notes)?;
    Ok(Report::of(&wish.environment, window, &apps, &caused, notes))
}

/// Every app that is there or was deployed, with what was deployed of it.
fn by_app<'a>(
    workspace: &Workspace,
    all: &'a [Deployment],
) -> Result<BTreeMap<String, Vec<&'a Deployment>>, Failure> {
    let mut apps: BTreeMap<String, Vec<&Deployment>> = BTreeMap::new();
    if workspace.root().join("functions").is_dir() {
        apps.extend(workspace.apps()?.into_iter().map(|app| (app, Vec::new())));
    }
    for deployment in all {
        apps.entry(deployment.app.clone()).or_default().push(deployment);
    }
    Ok(apps)
}

/// What an app is made from. Where cargo does not know the app, it is its folder alone.
fn paths(workspace: &Workspace, app: &str, notes: &mut Vec<String>) -> Vec<String> {
    let folder = workspace.root().join("functions").join(app);
    let known = App { name: app.to_owned(), folder: folder.clone() };
    if folder.join("Cargo.toml").is_file()
        && let Ok(paths) = inputs::inputs(workspace, &known)
    {
        return paths;
    }
    let path = format!("functions/{app}");
    notes.push(format!(
        "{app}: cargo does not say what it is made from: only changes below {path} count"
    ));
    vec![path]
}
