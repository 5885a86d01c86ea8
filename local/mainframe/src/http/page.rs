//! The page at `/`.

use std::sync::Arc;

use askama::Template;
use http::StatusCode;

use super::{
    reply::{self, Reply},
    status::Status,
};
use crate::{Faults, Pace, Rule, intake::Machine, ledger::Record};

/// Records on a page.
const PAGE_RECORDS: usize = 50;

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    status: Status,
    pace: Pace,
    faults: Faults,
    rules: [(Rule, bool); 4],
    /// What was looked for.
    search: String,
    records: Vec<Row>,
    /// The last id shown, when there may be more.
    next: Option<String>,
}

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
pub(super) async fn page(machine: &Machine, query: &str) -> Result<Reply, Box<Reply>> {
    let parameter = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.trim().to_owned())
    };
    let search = parameter("id").unwrap_or_default();
    let (records, next) = rows(machine, &search, parameter("after").as_deref());
    let faults = machine.controls.faults();
    let page = Page {
        status: Status::of(machine).await,
        pace: machine.controls.pace(),
        rules: Rule::ALL.map(|rule| (rule, faults.refuse.contains(&rule))),
        faults,
        search,
        records,
        next,
    };
    let text = page.render().map_err(|error| {
        tracing::error!(%error, "making the page");
        Box::new(reply::problem(StatusCode::INTERNAL_SERVER_ERROR, "the page cannot be made"))
    })?;
    Ok(reply::html(text))
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

impl Page {
    fn rate(&self) -> String {
        self.pace.messages_per_second.map(|rate| rate.to_string()).unwrap_or_default()
    }

    fn state(&self) -> &'static str {
        match self.status.state {
            "open" => "Open: it takes messages",
            "closed" => "Closed: outside of its hours",
            _ => "Down: stopped by the switch",
        }
    }

    fn chances(&self) -> [(&'static str, &'static str, f64); 6] {
        let faults = &self.faults;
        [
            ("busy", "Answers “busy” and does not apply", faults.busy),
            ("twice", "Answers twice", faults.twice),
            ("late", "Answers late", faults.late),
            ("never", "Applies and never answers", faults.never),
            ("outOfOrder", "Answers out of order", faults.out_of_order),
            ("takeTwice", "Takes a message twice", faults.take_twice),
        ]
    }
}
