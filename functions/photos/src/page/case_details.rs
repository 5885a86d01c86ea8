//! A case as its page shows it.

use super::history::{Line, lines};
use super::words::{self, Moment};
use crate::domain::{Case, CaseKind, CaseState, Category, ReviewReason};
use jiff::Timestamp;

/// Who looks at a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    Nobody,
    You { until: Moment },
    Another { who: String, until: Moment },
}

impl Holder {
    pub(crate) fn of(case: &Case, me: &str, now: Timestamp) -> Self {
        let Some(lease) = case.held(now) else { return Self::Nobody };
        let until = Moment::coming(lease.until);
        if lease.by == me {
            return Self::You { until };
        }
        Self::Another { who: words::person(&lease.by, me), until }
    }
}

/// What this moderator can do with the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    Decidable {
        holder: Holder,
    },
    Held {
        who: String,
        until: Moment,
    },
    /// The appeal is against this moderator's rejection.
    OwnRejection,
    Decided {
        ruling: RulingView,
        undoable: bool,
    },
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RulingView {
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) note: Option<String>,
    pub(crate) at: Moment,
}

/// How bad a category is.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) category: &'static str,
    /// `None`: not looked at.
    pub(crate) level: Option<u8>,
    pub(crate) word: &'static str,
}

/// A reason to reject, and the key for it.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) key: usize,
    pub(crate) code: &'static str,
    pub(crate) label: &'static str,
}

#[derive(Debug)]
pub(crate) struct CaseDetails {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) revision: u64,
    pub(crate) is_appeal: bool,
    pub(crate) has_picture: bool,
    pub(crate) why: String,
    pub(crate) levels: Vec<Level>,
    pub(crate) opened: Moment,
    pub(crate) profile_id: String,
    pub(crate) photo_id: String,
    pub(crate) standing: Standing,
    pub(crate) choices: Vec<Choice>,
    pub(crate) history: Vec<Line>,
}

impl CaseDetails {
    pub(crate) fn of(case: &Case, me: &str, now: Timestamp) -> Self {
        Self {
            id: case.id.clone(),
            name: words::case_name(case),
            place: format!("/moderation/cases/{}", case.id),
            revision: case.revision.get(),
            is_appeal: case.kind == CaseKind::Appeal,
            has_picture: case.has_picture,
            why: words::why(case.reason.as_ref()),
            levels: levels(case),
            opened: Moment::past(case.opened_at, now),
            profile_id: case.profile_id.to_string(),
            photo_id: case.photo_id.to_string(),
            standing: standing(case, me, now),
            choices: choices(),
            history: lines(case, me, now),
        }
    }
}

fn levels(case: &Case) -> Vec<Level> {
    let level = |category| {
        let level = case.severities.as_ref().and_then(|found| found.get(category));
        let word = level.map_or("not checked", words::severity);
        Level { category: words::category(category), level, word }
    };
    Category::ALL.into_iter().map(level).collect()
}

fn choices() -> Vec<Choice> {
    let choice = |(at, reason): (usize, ReviewReason)| Choice {
        key: at + 1,
        code: reason.as_str(),
        label: words::reason(reason),
    };
    ReviewReason::ALL.into_iter().enumerate().map(choice).collect()
}

fn standing(case: &Case, me: &str, now: Timestamp) -> Standing {
    if let (CaseState::Decided, Some(ruling)) = (case.state, &case.ruling) {
        let ruling = RulingView {
            what: words::judged(ruling.judgement),
            who: words::person(&ruling.by, me),
            note: ruling.note.clone(),
            at: Moment::past(ruling.at, now),
        };
        return Standing::Decided { ruling, undoable: case.undoable(now).is_ok() };
    }
    if case.state != CaseState::Open {
        return Standing::Closed;
    }
    if case.excluded.as_deref() == Some(me) {
        return Standing::OwnRejection;
    }
    match Holder::of(case, me, now) {
        Holder::Another { who, until } => Standing::Held { who, until },
        holder => Standing::Decidable { holder },
    }
}
