//! The page for people: the mailbox, searched by recipient.

use askama::Template;
use jiff::Timestamp;
use simulator_shell::Section;

use crate::{
    desk::Desk,
    mail::{Mail, OperationState},
    mailbox::{Counts, Known},
};

/// Mails that the page shows.
const MAX_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "mails.html")]
struct Mails {
    counts: Counts,
    /// Who was searched for.
    to: String,
    rows: Vec<Row>,
    /// Those that were not shown.
    more: usize,
}

struct Row {
    mail: Mail,
    state: OperationState,
    /// What was reported, by recipient.
    reports: String,
}

pub(crate) fn sections(desk: &Desk, query: &str) -> Vec<Section> {
    let to = recipient(query);
    let part = desk.mailbox.with(|known, now| {
        let found: Vec<&Mail> = known.mails().rev().filter(|mail| mail.is_to(&to)).collect();
        let more = found.len().saturating_sub(MAX_SHOWN);
        let rows = found.into_iter().take(MAX_SHOWN).map(|mail| row(known, mail, now)).collect();
        Mails { counts: known.counts(now), to: to.clone(), rows, more }
    });
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "making a part of the page");
        String::new()
    });
    vec![Section { id: "mails", title: "Mails".to_owned(), html }]
}

fn row(known: &Known, mail: &Mail, now: Timestamp) -> Row {
    let reports = known.reports_of(mail.number).filter(|report| report.outcome.is_some());
    let words: Vec<&str> = reports.map(|report| report.status.name()).collect();
    Row { mail: mail.clone(), state: mail.state(now), reports: words.join(", ") }
}

/// `to` of the page's query.
fn recipient(query: &str) -> String {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let to = pairs.find(|(name, _)| name == "to").map(|(_, value)| value.trim().to_owned());
    to.unwrap_or_default()
}
