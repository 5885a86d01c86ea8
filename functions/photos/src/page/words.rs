//! How the console says things.

use crate::domain::{Case, CaseKind, Category, Judgement, Reason, ReviewReason};
use jiff::Timestamp;

/// Characters of a moderator's id that tell people apart without naming them.
const SHOWN_OF_ID: usize = 4;
/// Characters of a case's id that its name shows: of a UUIDv7 the last ones are the random ones.
const SHOWN_OF_CASE: usize = 6;
/// The length of a UUID in text.
const UUID_CHARS: usize = 36;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A time, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) iso: String,
    pub(crate) text: String,
}

impl Moment {
    /// A time that is over.
    pub(crate) fn past(at: Timestamp, now: Timestamp) -> Self {
        let text = match now.duration_since(at).as_secs() {
            ..5 => "just now".to_owned(),
            seconds => format!("{} ago", lasting(seconds)),
        };
        Self { iso: at.to_string(), text }
    }

    /// A time of the same day or so, still to come.
    pub(crate) fn coming(at: Timestamp) -> Self {
        Self { iso: at.to_string(), text: at.strftime("%H:%M UTC").to_string() }
    }
}

/// A time span, in its largest unit.
pub(crate) fn lasting(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ ..MINUTE => format!("{seconds} s"),
        seconds @ ..HOUR => format!("{} min", seconds / MINUTE),
        seconds @ ..DAY => format!("{} h", seconds / HOUR),
        seconds if seconds < 2 * DAY => "1 day".to_owned(),
        seconds => format!("{} days", seconds / DAY),
    }
}

/// Who did something. Names are not kept, so others are told apart by the end of their id.
pub(crate) fn person(id: &str, me: &str) -> String {
    if id == me {
        return "you".to_owned();
    }
    format!("moderator …{}", end_of(id, SHOWN_OF_ID))
}

/// What a case is called on pages.
pub(crate) fn case_name(case: &Case) -> String {
    let kind = match case.kind {
        CaseKind::Review => "Case",
        CaseKind::Appeal => "Appeal",
    };
    let photo = case.id.get(..UUID_CHARS).unwrap_or(&case.id);
    format!("{kind} {}", end_of(photo, SHOWN_OF_CASE))
}

fn end_of(text: &str, characters: usize) -> &str {
    let start = text.char_indices().rev().nth(characters.saturating_sub(1));
    start.map_or(text, |(at, _)| &text[at..])
}

pub(crate) fn severity(level: u8) -> &'static str {
    match level {
        0 | 1 => "none",
        2 | 3 => "low",
        4 | 5 => "medium",
        6 => "high",
        _ => "not checked",
    }
}

pub(crate) fn category(category: Category) -> &'static str {
    match category {
        Category::Hate => "Hate",
        Category::SelfHarm => "Self-harm",
        Category::Sexual => "Sexual",
        Category::Violence => "Violence",
    }
}

pub(crate) fn reason(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::Nudity => "Nudity",
        ReviewReason::Violence => "Violence",
        ReviewReason::Hate => "Hate",
        ReviewReason::SelfHarm => "Self-harm",
        ReviewReason::Minor => "A minor",
        ReviewReason::PersonalData => "Personal data",
        ReviewReason::Advertising => "Advertising",
        ReviewReason::Other => "Something else",
    }
}

/// Why a photo came to a person.
pub(crate) fn why(reason: Option<&Reason>) -> String {
    let Some(reason) = reason else { return "A person must look".to_owned() };
    let category = Category::ALL.into_iter().find(|one| Reason::content(*one) == *reason);
    match (category, reason) {
        (Some(one), _) => format!("Content Safety: {}", self::category(one).to_lowercase()),
        (None, reason) if *reason == Reason::NOT_CHECKED => {
            "Content Safety did not answer".to_owned()
        }
        (None, reason) if *reason == Reason::NOT_PROCESSED => {
            "The picture could not be processed".to_owned()
        }
        (None, reason) if *reason == Reason::KNOWN_IMAGE => {
            "Looks like a picture rejected before".to_owned()
        }
        (None, reason) => reason.to_string(),
    }
}

/// A decision, as in "rejected: nudity".
pub(crate) fn judged(judgement: Judgement) -> String {
    match judgement {
        Judgement::Approve => "approved".to_owned(),
        Judgement::Reject(reason) => format!("rejected: {}", self::reason(reason).to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_are_told_in_their_largest_unit() {
        let told = [-3, 0, 59, 60, 3_599, 3_600, 86_399, 86_400, 172_800].map(lasting);
        let expected = ["0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "1 day", "2 days"];
        assert_eq!(told, expected);
    }

    #[test]
    fn others_are_told_apart_without_their_names() {
        assert_eq!(person("6d0f-7d01", "6d0f-7d01"), "you");
        assert_eq!(person("6d0f-7d02", "6d0f-7d01"), "moderator …7d02");
        assert_eq!(person("é", "x"), "moderator …é");
    }

    #[test]
    fn reasons_are_said_in_words() {
        assert_eq!(why(Some(&Reason::content(Category::SelfHarm))), "Content Safety: self-harm");
        assert_eq!(why(Some(&Reason::NOT_CHECKED)), "Content Safety did not answer");
        assert_eq!(why(Some(&Reason::picture("too-small"))), "too-small");
        assert_eq!(judged(Judgement::Reject(ReviewReason::Minor)), "rejected: a minor");
    }
}
