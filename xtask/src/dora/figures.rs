//! The figures of an app, or of all together.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    changes::{Carried, Other, Release},
    frequency::Frequency,
    ideas::Idea,
    incidents::Caused,
    statistics::Sample,
    window::{Window, day},
};

/// All that is known of an app.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) app: String,
    /// What it is made from.
    pub(crate) paths: Vec<String>,
    pub(crate) carried: Carried,
    pub(crate) ideas: Vec<Idea>,
}

/// What is said of it. Samples can be put together, so that all apps are one.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) frequency: Frequency,
    pub(crate) releases: usize,
    pub(crate) failed_releases: usize,
    pub(crate) others: Vec<Other>,
    /// Lead times that are no time, by a wrong clock.
    pub(crate) ignored: usize,
    pub(crate) lead: Sample,
    pub(crate) authored: Sample,
    pub(crate) recovery: Sample,
    pub(crate) detection: Sample,
    pub(crate) unresolved: usize,
    pub(crate) ideas: Ideas,
}

/// From an operation in a contract to its first customer.
#[derive(Debug, Clone)]
pub(crate) struct Ideas {
    pub(crate) to_code: Sample,
    pub(crate) to_production: Sample,
    pub(crate) whole: Sample,
    /// Operations that nobody wrote yet, and those that are written and not deployed.
    pub(crate) without_code: usize,
    pub(crate) not_deployed: usize,
}

impl Figures {
    /// Those of some apps in a time.
    pub(crate) fn of(window: &Window, apps: &[&Facts], caused: &[Caused]) -> Self {
        let releases: Vec<(&str, usize, &Release)> = apps
            .iter()
            .flat_map(|facts| {
                let releases = facts.carried.releases.iter().enumerate();
                releases.map(|(index, release)| (facts.app.as_str(), index, release))
            })
            .filter(|(_, _, release)| window.has(release.finished))
            .collect();
        let days: BTreeSet<Date> =
            releases.iter().map(|(_, _, release)| day(release.finished)).collect();
        let changes = || releases.iter().flat_map(|(_, _, release)| &release.changes);
        let counted = || changes().filter(|change| change.lead.is_positive());
        let failures: Vec<(&Caused, &Release)> = caused
            .iter()
            .filter_map(|caused| {
                let of = |(app, index, _): &&(&str, usize, &Release)| {
                    *app == caused.app && *index == caused.release
                };
                releases.iter().find(of).map(|(_, _, release)| (caused, *release))
            })
            .collect();
        let failed: BTreeSet<(&str, usize)> =
            failures.iter().map(|(caused, _)| (caused.app.as_str(), caused.release)).collect();
        let after =
            |moment: jiff::Timestamp, release: &Release| moment.duration_since(release.finished);
        let recoveries = failures
            .iter()
            .filter_map(|(caused, release)| caused.resolved.map(|moment| after(moment, release)));
        let detections = failures.iter().map(|(caused, release)| after(caused.opened, release));
        let others = apps.iter().flat_map(|facts| &facts.carried.others);
        Self {
            frequency: Frequency::of(window, &days),
            releases: releases.len(),
            failed_releases: failed.len(),
            others: others.filter(|(at, _)| window.has(*at)).map(|(_, other)| *other).collect(),
            ignored: changes().count() - counted().count(),
            lead: Sample::of(counted().map(|change| change.lead)),
            authored: Sample::of(counted().map(|change| change.authored)),
            recovery: Sample::of(recoveries.filter(|time| time.is_positive())),
            detection: Sample::of(detections.filter(|time| !time.is_negative())),
            unresolved: failures.iter().filter(|(caused, _)| caused.resolved.is_none()).count(),
            ideas: Ideas::of(window, apps),
        }
    }

    pub(crate) fn count(&self, kind: Other) -> usize {
        self.others.iter().filter(|other| **other == kind).count()
    }

    /// The part of its releases that failed; nothing of none.
    #[expect(clippy::cast_precision_loss, reason = "counts of deployments")]
    pub(crate) fn failure_rate(&self) -> Option<f64> {
        (self.releases > 0).then(|| self.failed_releases as f64 / self.releases as f64)
    }
}

impl Ideas {
    fn of(window: &Window, apps: &[&Facts]) -> Self {
        let all = || apps.iter().flat_map(|facts| &facts.ideas);
        let done = || {
            all()
                .filter_map(|idea| Some((idea.idea, idea.code?, idea.production?)))
                .filter(|(_, _, production)| window.has(*production))
        };
        let not_deployed = |idea: &&Idea| idea.code.is_some() && idea.production.is_none();
        Self {
            to_code: Sample::of(done().map(|(idea, code, _)| code.duration_since(idea))),
            to_production: Sample::of(
                done().map(|(_, code, production)| production.duration_since(code)),
            ),
            whole: Sample::of(done().map(|(idea, _, production)| production.duration_since(idea))),
            without_code: all().filter(|idea| idea.code.is_none()).count(),
            not_deployed: all().filter(not_deployed).count(),
        }
    }
}
