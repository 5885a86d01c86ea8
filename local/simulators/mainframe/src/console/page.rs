//! What the page shows beside the faults, and what its forms do.

use std::sync::Arc;

use askama::Template;
use serde_json::Value;
use simulator_shell::{Field, Fieldset, FormView, Section, form, reply::see_other};

use super::{
    Answer,
    json::{self, bad},
    status::Status,
};
use crate::{
    Pace,
    intake::Machine,
    ledger::{Record, RestoreTo},
};

/// Records on a page.
const PAGE_RECORDS: usize = 50;

#[derive(Template)]
#[template(path = "state.html")]
struct State {
    status: Status,
}

#[derive(Template)]
#[template(path = "records.html")]
struct Records {
    /// What was looked for.
    search: String,
    records: Vec<Row>,
    /// The last id shown, when there may be more.
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "restore.html")]
struct Restore;

struct Row {
    profile_id: String,
    revision: u64,
    applied_at: String,
    erased: bool,
}

impl Row {
    fn of(record: &Arc<Record>) -> Self {
        Self {
            profile_id: record.profile_id.clone(),
            revision: record.revision,
            applied_at: record.applied_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            erased: record.erased,
        }
    }
}

/// `GET /?after=&id=`
pub(super) async fn sections(machine: &Machine, query: &str) -> Vec<Section> {
    let parameter = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.trim().to_owned())
    };
    let status = Status::of(machine).await;
    let search = parameter("id").unwrap_or_default();
    let (records, next) = rows(machine, &search, parameter("after").as_deref());
    let pace = serde_json::to_value(machine.controls.pace()).unwrap_or(Value::Null);
    let pace = FormView::new("/page/pace", "Set", &pace_fields(), &pace);
    vec![
        section("state", "State", &State { status }),
        section("records-title", "Records", &Records { search, records, next }),
        section("pace-title", "Pace and hours", &pace),
        section("restore-title", "Snapshot and restore", &Restore),
    ]
}

fn section(id: &'static str, title: &str, part: &impl Template) -> Section {
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "making a part of the page");
        String::new()
    });
    Section { id, title: title.to_owned(), html }
}

fn rows(machine: &Machine, search: &str, after: Option<&str>) -> (Vec<Row>, Option<String>) {
    let ledger = machine.ledger();
    if !search.is_empty() {
        return (ledger.get(search).iter().map(Row::of).collect(), None);
    }
    let records = ledger.page(after, PAGE_RECORDS + 1);
    let rows: Vec<Row> = records.iter().take(PAGE_RECORDS).map(Row::of).collect();
    let next =
        rows.last().filter(|_| records.len() > PAGE_RECORDS).map(|last| last.profile_id.clone());
    (rows, next)
}

fn pace_fields() -> Vec<Fieldset> {
    let fields = vec![
        Field::number_or_null("messagesPerSecond", "Messages a second", 0.001, 100_000.0),
        Field::number("secondsPerMessage", "Seconds of work on a message", 0.0, 20.0),
        Field::number("visibilitySeconds", "Seconds until a message comes again", 1.0, 3_600.0),
        Field::text("window", "Hours, UTC"),
    ];
    let hint = "Messages a second: empty is no limit. Hours: always, or 06:00-22:00.";
    vec![Fieldset::new("When and how fast", fields).hint(hint)]
}

pub(super) fn set_pace(machine: &Machine, body: &[u8]) -> Answer {
    let pace: Pace = form::read(&pace_fields(), body).map_err(bad)?;
    machine.controls.set_pace(pace.checked().map_err(bad)?);
    Ok(see_other("/"))
}

pub(super) fn take_snapshot(machine: &Machine) -> Answer {
    json::stored(machine.ledger().take_snapshot())?;
    Ok(see_other("/"))
}

pub(super) fn restore(machine: &Machine, body: &[u8]) -> Answer {
    let to_snapshot =
        form_urlencoded::parse(body).any(|(name, value)| name == "to" && value == "snapshot");
    json::restored(machine, if to_snapshot { RestoreTo::Snapshot } else { RestoreTo::Nothing })?;
    Ok(see_other("/"))
}

impl State {
    fn headline(&self) -> &'static str {
        match self.status.state {
            "open" => "Open: it takes messages",
            "closed" => "Closed: outside of its hours",
            _ => "Down: stopped by the switch",
        }
    }
}
