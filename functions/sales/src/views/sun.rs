use crate::at_work::Stands;
use crate::domain::{Border, Override, Region};
use jiff::Timestamp;
use serde::Serialize;

/// `Sun` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SunView<'a> {
    primary: &'a Region,
    /// Which region answers.
    here: &'a Region,
    regions: &'a [Region],
    schedule: String,
    next: Option<BorderView<'a>>,
    r#override: Option<OverrideView<'a>>,
}

#[derive(Debug, Serialize)]
struct BorderView<'a> {
    #[serde(with = "values::moment")]
    at: Timestamp,
    region: &'a Region,
}

#[derive(Debug, Serialize)]
struct OverrideView<'a> {
    region: &'a Region,
    #[serde(with = "values::moment")]
    since: Timestamp,
    #[serde(with = "values::moment")]
    until: Timestamp,
    by: &'a str,
    why: &'a str,
}

impl<'a> SunView<'a> {
    pub(crate) fn of(stands: &'a Stands<'_>) -> Self {
        let border = |border: &'a Border| BorderView { at: border.at, region: &border.region };
        let overridden = |it: &'a Override| OverrideView {
            region: &it.region,
            since: it.since,
            until: it.until,
            by: &it.by,
            why: &it.why,
        };
        Self {
            primary: &stands.primary,
            here: &stands.shifts.here,
            regions: stands.shifts.regions.all(),
            schedule: stands.shifts.sun.to_string(),
            next: stands.next.as_ref().map(border),
            r#override: stands.overridden.as_ref().map(overridden),
        }
    }
}
