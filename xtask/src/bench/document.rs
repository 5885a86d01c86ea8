//! `docs/benchmarks.md`, from what was measured.

use std::fmt::Write as _;

use super::{
    number::number,
    parts::{self, Part},
    results::{self, Better, Figure, Machine, Of, Results},
    targets::{Standing, Targets},
};

/// Where the document is, from the workspace's folder.
pub(crate) const FILE: &str = "docs/benchmarks.md";

/// Above this, others had a say in what was measured.
const QUIET_PERCENT: f64 = 10.0;

const HEAD: &str = "# Benchmarks

Written by `cargo xtask bench` from [results.json](benchmarks/results.json) and
[targets.json](benchmarks/targets.json); a test fails when it says something else. How it is measured and how to read it:
[bench/README.md](../bench/README.md); why so: [decision 51](decisions/0051-benchmarks.md).

A figure is the median of the rounds, with the lowest and highest round in brackets. *Against* is how many times better ours
is: below 1 it is worse. What scripts ask of single apps, further below, is explained in their own READMEs.

";

/// The document.
pub(crate) fn text(results: &Results, targets: &Targets) -> String {
    let mut text = HEAD.to_owned();
    targets_table(&mut text, results, targets);
    for part in parts::ALL {
        let _ = write!(text, "\n## {}\n\n{}\n", part.title, part.about);
        match results.parts.get(part.name) {
            Some(measured) => section(&mut text, part, measured),
            None => {
                let _ =
                    writeln!(text, "\nNot measured yet: `cargo xtask bench --only {}`.", part.name);
            }
        }
    }
    text
}

fn targets_table(text: &mut String, results: &Results, targets: &Targets) {
    text.push_str("## What is to be reached\n\n| target | asked | measured | reached | why not |\n|---|---:|---:|---|---|\n");
    for target in &targets.targets {
        let (shown, word, why) = match target.standing(results) {
            Standing::Reached(value) => (cell(value), "yes", None),
            Standing::Missed(value) => (cell(value), "**no**", target.why.as_deref()),
            Standing::NotMeasured => ("–".to_owned(), "not measured", target.why.as_deref()),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {shown} | {word} | {} |",
            target.what,
            format!("{} {} {}", target.bound.sign(), number(target.asked), target.unit).trim(),
            why.unwrap_or_default()
        );
    }
}

fn section(text: &mut String, part: &Part, measured: &results::Part) {
    let _ = writeln!(text, "\n{}", circumstances(measured));
    for chart in part.charts {
        let _ = writeln!(text, "\n![{}](benchmarks/{}.svg)", chart.title, chart.file);
    }
    text.push('\n');
    if measured.figures.iter().any(|figure| figure.asked.is_some()) || part.contenders.len() == 1 {
        alone(text, part, &measured.figures);
    } else {
        beside(text, part, &measured.figures);
    }
    if !measured.notes.is_empty() {
        text.push('\n');
    }
    for note in &measured.notes {
        let _ = writeln!(text, "- {note}");
    }
}

/// When, where, of what.
fn circumstances(measured: &results::Part) -> String {
    let of = &measured.measured;
    let changed = if of.changed { " with changes" } else { "" };
    let quick = if of.quick { ", **a short run: an impression**" } else { "" };
    let machine = machine(&of.machine);
    let mut words = format!(
        "{}, commit `{}`{changed}, {}; {machine}; {} s{quick}.",
        of.date, of.commit, of.build, of.took_s
    );
    if !measured.versions.is_empty() {
        let versions = measured.versions.iter().map(|(name, version)| format!("{name} {version}"));
        let _ = write!(words, " Beside: {}.", versions.collect::<Vec<_>>().join(", "));
    }
    words
}

fn machine(machine: &Machine) -> String {
    let busy = format!("{} % busy before it began", number(machine.busy_before_percent));
    let busy = if machine.busy_before_percent > QUIET_PERCENT {
        format!("**{busy}: an impression**")
    } else {
        busy
    };
    format!(
        "{} × {}, {} GiB, {}, {busy}",
        machine.cores,
        machine.processor,
        number(machine.memory_gib),
        machine.kernel
    )
}

/// One contender, and what its script asks of it.
fn alone(text: &mut String, part: &Part, figures: &[Figure]) {
    let heads: String = part.contenders.iter().map(|(_, head)| format!(" {head} |")).collect();
    let lines = "---:|".repeat(part.contenders.len());
    let _ = writeln!(text, "| |{heads} asked | reached |\n|---|{lines}---:|---|");
    for figure in figures {
        let cells: String = part
            .contenders
            .iter()
            .map(|(name, _)| {
                format!(" {} |", figure.of.get(*name).copied().map_or_else(String::new, cell))
            })
            .collect();
        let (asked, reached) = match (figure.asked, figure.of.get("ours")) {
            (Some(asked), Some(ours)) => (
                format!("{} {}", asked.bound.sign(), number(asked.value)),
                if asked.bound.holds(ours.median, asked.value) { "yes" } else { "**no**" },
            ),
            _ => (String::new(), ""),
        };
        let _ = writeln!(text, "| {} |{cells} {asked} | {reached} |", named(figure));
    }
}

/// Several contenders, and how many times better ours is.
fn beside(text: &mut String, part: &Part, figures: &[Figure]) {
    let is_there = |name: &str| figures.iter().any(|figure| figure.of.contains_key(name));
    let shown: Vec<_> = part.contenders.iter().filter(|(name, _)| is_there(name)).collect();
    let peers: Vec<_> = shown.iter().filter(|(name, _)| is_peer(name)).collect();
    let heads: String = shown.iter().map(|(_, head)| format!(" {head} |")).collect();
    let against: String = peers.iter().map(|(_, head)| format!(" against {head} |")).collect();
    let lines = "---:|".repeat(shown.len() + peers.len());
    let _ = writeln!(text, "| |{heads}{against}\n|---|{lines}");
    for figure in figures {
        let _ = write!(text, "| {} |", named(figure));
        for (name, _) in &shown {
            let shown = figure.of.get(*name).copied().map_or_else(String::new, cell);
            let _ = write!(text, " {shown} |");
        }
        for (name, _) in &peers {
            let _ = write!(text, " {} |", times_better(figure, name).unwrap_or_default());
        }
        text.push('\n');
    }
}

/// Whom ours is held against: neither ourselves nor what all stand on.
fn is_peer(name: &str) -> bool {
    !name.starts_with("ours") && name != "cosmos"
}

fn times_better(figure: &Figure, peer: &str) -> Option<String> {
    let (ours, peer) = (figure.of.get("ours")?.median, figure.of.get(peer)?.median);
    let (more, less) = match figure.better? {
        Better::Lower => (peer, ours),
        Better::Higher => (ours, peer),
    };
    (less > 0.0).then(|| format!("{} ×", number(more / less)))
}

fn named(figure: &Figure) -> String {
    if figure.unit.is_empty() {
        figure.name.clone()
    } else {
        format!("{}, {}", figure.name, figure.unit)
    }
}

fn cell(of: Of) -> String {
    if of.rounds > 1 && of.low < of.high {
        format!("{} ({}–{})", number(of.median), number(of.low), number(of.high))
    } else {
        number(of.median)
    }
}
