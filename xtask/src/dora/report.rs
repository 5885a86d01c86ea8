//! The figures, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    changes::Other,
    figures::{Facts, Figures},
    incidents::Caused,
    statistics::duration,
    window::{Window, day},
};

/// Fewer than this are no more than an impression.
const SMALL: usize = 5;

/// All figures of a time.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) environment: String,
    pub(crate) window: Window,
    pub(crate) apps: Vec<(String, Vec<String>, Figures)>,
    pub(crate) overall: Figures,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn of(
        environment: &str,
        window: Window,
        apps: &[Facts],
        caused: &[Caused],
        notes: Vec<String>,
    ) -> Self {
        let figures = |facts: &[&Facts]| Figures::of(&window, facts, caused);
        let all: Vec<&Facts> = apps.iter().collect();
        let each =
            apps.iter().map(|facts| (facts.app.clone(), facts.paths.clone(), figures(&[facts])));
        Self {
            environment: environment.to_owned(),
            window,
            apps: each.collect(),
            overall: figures(&all),
            notes,
        }
    }

    pub(crate) fn for_programs(&self) -> String {
        let apps = self.apps.iter().map(|(app, paths, figures)| {
            let mut value = for_programs(figures);
            value["app"] = json!(app);
            value["paths"] = json!(paths);
            value
        });
        json!({
            "environment": self.environment,
            "since": self.window.since.to_string(),
            "until": self.window.until.to_string(),
            "apps": apps.collect::<Vec<_>>(),
            "overall": for_programs(&self.overall),
            "notes": self.notes,
        })
        .to_string()
    }

    pub(crate) fn for_people(&self) -> String {
        let (since, until) = (day(self.window.since), self.window.until);
        let mut text = format!("{} from {since} to {until:.0}\n", self.environment);
        for (app, _, figures) in &self.apps {
            let _ = write!(text, "\n{app}\n{}", for_people(figures));
        }
        let _ = write!(text, "\nall apps\n{}", for_people(&self.overall));
        if !self.notes.is_empty() {
            text.push_str("\nto know\n");
        }
        for note in &self.notes {
            let _ = writeln!(text, "  {note}");
        }
        text.trim_end().to_owned()
    }
}

fn for_programs(figures: &Figures) -> Value {
    let mut frequency = figures.frequency.for_programs();
    frequency["deployments"] = json!(figures.releases);
    frequency["redeployments"] = json!(figures.count(Other::Again));
    frequency["rollBacks"] = json!(figures.count(Other::Back));
    frequency["failedDeployments"] = json!(figures.count(Other::Failed));
    frequency["unfinishedDeployments"] = json!(figures.count(Other::Unfinished));
    let mut lead = figures.lead.for_programs();
    lead["ignored"] = json!(figures.ignored);
    let mut recovery = figures.recovery.for_programs();
    recovery["unresolved"] = json!(figures.unresolved);
    let ideas = &figures.ideas;
    json!({
        "deploymentFrequency": frequency,
        "leadTime": lead,
        "leadTimeFromFirstAuthored": figures.authored.for_programs(),
        "changeFailureRate": {
            "n": figures.releases, "failed": figures.failed_releases, "rate": figures.failure_rate(),
        },
        "failedDeploymentRecovery": recovery,
        "timeToDetect": figures.detection.for_programs(),
        "ideaToCode": {
            "ideaToCode": ideas.to_code.for_programs(),
            "codeToProduction": ideas.to_production.for_programs(),
            "ideaToProduction": ideas.whole.for_programs(),
            "operationsWithoutCode": ideas.without_code,
            "operationsNotDeployed": ideas.not_deployed,
            // No commit says when a mock first answered; docs/dora.md.
            "mockAnswered": null,
        },
    })
}

fn for_people(figures: &Figures) -> String {
    let Figures { frequency, releases, ideas, .. } = figures;
    let mut text = String::new();
    let mut line = |name: &str, said: String| {
        let _ = writeln!(text, "  {name:<32}{said}");
    };
    let others = [
        (Other::Again, "redeployed"),
        (Other::Back, "rolled back"),
        (Other::Failed, "failed"),
        (Other::Unfinished, "unfinished"),
    ];
    let others = others.iter().map(|(kind, word)| (figures.count(*kind), word));
    let others: String = others
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!(", {count} {word}"))
        .collect();
    line(
        "deployment frequency",
        format!(
            "{} (median week {} days; {} deployments on {} days{others})",
            frequency.bucket, frequency.median_week, releases, frequency.days
        ),
    );
    let ignored =
        if figures.ignored > 0 { format!(", {} left out", figures.ignored) } else { String::new() };
    line("lead time", format!("{}{ignored}", figures.lead.words()));
    line("  from the first commit written", figures.authored.words());
    line(
        "change failure rate",
        match figures.failure_rate() {
            Some(rate) => {
                format!("{:.0} % ({} of {releases})", rate * 100.0, figures.failed_releases)
            }
            None => "no data (n = 0)".to_owned(),
        },
    );
    let unresolved = match figures.unresolved {
        0 => String::new(),
        count => format!(", {count} not resolved"),
    };
    line("failed deployment recovery", format!("{}{unresolved}", figures.recovery.words()));
    line("  time to detect", figures.detection.words());
    line("idea to code", ideas.to_code.words());
    line("  code to production", ideas.to_production.words());
    line(
        "  idea to production",
        format!(
            "{}; {} operations without code, {} not deployed",
            ideas.whole.words(),
            ideas.without_code,
            ideas.not_deployed
        ),
    );
    if *releases > 0 && *releases < SMALL {
        line("", format!("n = {releases} deployments: an impression, no more"));
    }
    text
}

/// A percentile for the picture.
pub(crate) fn short(seconds: Option<f64>) -> String {
    seconds.map_or("–".to_owned(), duration)
}
