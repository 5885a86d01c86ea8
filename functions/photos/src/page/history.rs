//! The history of a case in words, the newest first.

use super::words::{self, Moment};
use crate::domain::{Case, CaseEntry, CaseEvent};
use jiff::Timestamp;

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) at: Moment,
    pub(crate) what: String,
    /// `None` for what happened by itself.
    pub(crate) who: Option<String>,
    pub(crate) note: Option<String>,
}

pub(super) fn lines(case: &Case, me: &str, now: Timestamp) -> Vec<Line> {
    case.history.iter().rev().map(|entry| line(entry, me, now)).collect()
}

fn line(entry: &CaseEntry, me: &str, now: Timestamp) -> Line {
    let (what, note) = match &entry.event {
        CaseEvent::Opened => ("Opened".to_owned(), None),
        CaseEvent::Leased => ("Taken".to_owned(), None),
        CaseEvent::Released => ("Given back".to_owned(), None),
        CaseEvent::Lapsed => ("Given back: ten minutes were over".to_owned(), None),
        CaseEvent::Decided { judgement, note } => {
            let judged = words::judged(*judgement);
            let (first, rest) = judged.split_at(1);
            (format!("{}{rest}", first.to_uppercase()), note.clone())
        }
        CaseEvent::Undone => ("Decision undone".to_owned(), None),
        CaseEvent::Closed => ("Closed: the photo is gone".to_owned(), None),
    };
    let who = entry.by.as_deref().map(|id| words::person(id, me));
    Line { at: Moment::past(entry.at, now), what, who, note }
}
