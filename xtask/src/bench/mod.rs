//! `cargo xtask bench`: ours beside peers in one run, and the document about it. How it is measured: bench/README.md.

mod chart;
mod document;
mod machine;
mod number;
mod parts;
mod programs;
mod results;
mod running;
mod targets;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValuesParser};

use crate::{failure::Failure, workspace::Workspace};

use parts::Part;
use programs::Programs;
use results::Results;
use targets::Targets;

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Only this part; may be repeated. What was measured of others stays
    #[arg(long, value_name = "PART", value_parser = PossibleValuesParser::new(parts::ALL.iter().map(|part| part.name)))]
    only: Vec<String>,
    /// A short run of each part: an impression, and marked as one
    #[arg(long)]
    quick: bool,
    /// Programs that are built already, instead of building them
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// Measures nothing: builds what would be measured, so that the machine is quiet when it is
    #[arg(long, conflicts_with_all = ["quick", "binaries", "render", "check"])]
    build: bool,
    /// Measures nothing: writes the document from the results that are there
    #[arg(long, conflicts_with_all = ["only", "quick", "binaries", "check"])]
    render: bool,
    /// Measures nothing: fails if the document is not what the results say, or if a target is missed and nobody says why
    #[arg(long, conflicts_with_all = ["only", "quick", "binaries"])]
    check: bool,
}

/// Measures, and writes results and document.
pub(crate) fn run(workspace: &Workspace, wish: &Bench) -> Result<(), Failure> {
    if wish.check {
        return check(workspace.root());
    }
    if wish.build {
        let programs = Programs::built(workspace, &wanted(wish))?;
        return crate::say(format_args!("{}", programs.folder.display()));
    }
    let failed = if wish.render { Vec::new() } else { measure(workspace, wish)? };
    for (path, text) in documents(workspace.root())? {
        write(&workspace.root().join(&path), &text)?;
        crate::say(format_args!("{} written", path.display()))?;
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::Bench(failed)) }
}

/// Measures part by part, and keeps what each said before the next one begins. Answers with what went wrong.
fn measure(workspace: &Workspace, wish: &Bench) -> Result<Vec<String>, Failure> {
    let wanted = wanted(wish);
    let programs = match &wish.binaries {
        Some(folder) => Programs::given(folder)?,
        None => Programs::built(workspace, &wanted)?,
    };
    let mut failed = Vec::new();
    for part in wanted {
        crate::say(format_args!("\n# {}", part.title))?;
        match running::measure(workspace, part, &programs, wish.quick) {
            Ok(measured) => {
                let mut results = Results::read(workspace.root())?;
                results.parts.insert(part.name.to_owned(), measured);
                results.write(workspace.root())?;
            }
            Err(failure) => failed.push(format!("{}: {failure}", part.name)),
        }
    }
    Ok(failed)
}

fn wanted(wish: &Bench) -> Vec<&'static Part> {
    let is_wanted = |part: &&Part| wish.only.is_empty() || wish.only.iter().any(|w| w == part.name);
    parts::ALL.iter().filter(is_wanted).collect()
}

/// The document and its pictures, by path from the workspace's folder.
fn documents(root: &Path) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let (results, targets) = (Results::read(root)?, targets(root)?);
    let mut documents = BTreeMap::new();
    documents.insert(PathBuf::from(document::FILE), document::text(&results, &targets));
    for part in parts::ALL {
        let Some(measured) = results.parts.get(part.name) else { continue };
        for chart in part.charts {
            let path = PathBuf::from(format!("docs/benchmarks/{}.svg", chart.file));
            documents.insert(path, chart::draw(part, chart, measured));
        }
    }
    Ok(documents)
}

fn check(root: &Path) -> Result<(), Failure> {
    let mut wrong = targets(root)?.unexplained(&Results::read(root)?);
    for (path, text) in documents(root)? {
        if fs::read_to_string(root.join(&path)).ok().as_deref() != Some(text.as_str()) {
            let path = path.display();
            wrong.push(format!(
                "{path} is not what {} says: cargo xtask bench --render",
                results::FILE
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Bench(wrong)) }
}

fn targets(root: &Path) -> Result<Targets, Failure> {
    results::read(&root.join(targets::FILE))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|source| Failure::file("writing", path, source))
}
