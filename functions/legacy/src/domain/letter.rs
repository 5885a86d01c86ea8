//! Dead letters: messages that need people. They are kept until somebody decides, and every decision is kept too.

use super::ids::{ProfileId, Revision};
use super::moment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest message that is kept whole, in bytes; a document in Cosmos DB may have 2 MiB.
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;
/// Most actions that are kept; of more, the first and the latest.
const MAX_ACTIONS: usize = 100;

/// Why it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// A document of the change feed that breaks the contract. The message is the document.
    BrokenDocument,
    /// The mainframe refused it. The message is the event.
    Refused,
    /// The mainframe could not read it. The message is what it got.
    OutboxPoison,
    /// We failed on an answer again and again. The message is the answer.
    InboxPoison,
    /// An answer that breaks the contract. The message is the answer.
    UnreadableAnswer,
}

impl Reason {
    pub(crate) const ALL: [Self; 5] = [
        Self::BrokenDocument,
        Self::Refused,
        Self::OutboxPoison,
        Self::InboxPoison,
        Self::UnreadableAnswer,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BrokenDocument => "broken-document",
            Self::Refused => "refused",
            Self::OutboxPoison => "outbox-poison",
            Self::InboxPoison => "inbox-poison",
            Self::UnreadableAnswer => "unreadable-answer",
        }
    }
}

impl std::str::FromStr for Reason {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = Self::ALL.iter().map(|reason| reason.name()).collect();
        let found = Self::ALL.into_iter().find(|reason| reason.name() == text);
        found.ok_or_else(|| format!("must be one of {}", names.join(", ")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LetterState {
    Open,
    Redriven,
    Discarded,
}

impl LetterState {
    pub(crate) const ALL: [Self; 3] = [Self::Open, Self::Redriven, Self::Discarded];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Redriven => "redriven",
            Self::Discarded => "discarded",
        }
    }
}

impl std::str::FromStr for LetterState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|state| state.name() == text);
        found.ok_or("must be open, redriven or discarded")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Letter {
    /// Made from the content, so that the same failure reported twice is one letter.
    pub(crate) id: String,
    pub(crate) reason: Reason,
    /// The mainframe's code for a refusal.
    pub(crate) code: Option<String>,
    /// What went wrong, for people.
    pub(crate) detail: String,
    pub(crate) profile_id: Option<ProfileId>,
    pub(crate) revision: Option<Revision>,
    /// The message as text; usually JSON.
    pub(crate) message: String,
    /// Whether the message was too long to be kept whole.
    pub(crate) cut: bool,
    /// Whether somebody changed the message.
    pub(crate) edited: bool,
    /// How often it was reported.
    pub(crate) attempts: u32,
    #[serde(with = "moment")]
    pub(crate) first_at: Timestamp,
    #[serde(with = "moment")]
    pub(crate) last_at: Timestamp,
    pub(crate) state: LetterState,
    /// One more at every change; the ETag.
    pub(crate) version: u64,
    /// What was done, oldest first.
    pub(crate) actions: Vec<Action>,
    /// The last report's own id: delivered twice, it counts once.
    pub(crate) last_report: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Action {
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    /// Who: a person's id, `key` for a caller with a key, or a function.
    pub(crate) by: String,
    pub(crate) what: Decision,
    pub(crate) why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    /// Reported for the first time.
    Kept,
    /// Reported again after it was re-driven.
    Reopened,
    Edited,
    Redriven,
    Discarded,
    /// Its message was removed because the person was erased.
    Emptied,
}

impl Decision {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Reopened => "reopened",
            Self::Edited => "edited",
            Self::Redriven => "redriven",
            Self::Discarded => "discarded",
            Self::Emptied => "emptied",
        }
    }
}

/// A report of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) id: String,
    pub(crate) reason: Reason,
    pub(crate) code: Option<String>,
    pub(crate) detail: String,
    pub(crate) profile_id: Option<ProfileId>,
    pub(crate) revision: Option<Revision>,
    pub(crate) message: String,
    /// The report's own id.
    pub(crate) report: String,
    /// The function that reports.
    pub(crate) by: String,
    pub(crate) first_at: Option<Timestamp>,
    pub(crate) attempts: u32,
}

impl Letter {
    pub(crate) fn new(occurrence: Occurrence, now: Timestamp) -> Self {
        let Occurrence {
            id,
            reason,
            code,
            detail,
            profile_id,
            revision,
            message,
            report,
            by,
            first_at,
            attempts,
        } = occurrence;
        let cut = message.len() > MAX_MESSAGE_BYTES;
        let message = if cut {
            message[..message.floor_char_boundary(MAX_MESSAGE_BYTES)].to_owned()
        } else {
            message
        };
        let first = Action { at: now, by, what: Decision::Kept, why: None };
        Self {
            id,
            reason,
            code,
            detail,
            profile_id,
            revision,
            message,
            cut,
            edited: false,
            attempts,
            first_at: first_at.unwrap_or(now).min(now),
            last_at: now,
            state: LetterState::Open,
            version: 1,
            actions: vec![first],
            last_report: report,
        }
    }

    /// The same failure reported again; `None` if it is the same report. What was discarded stays so; what was re-driven
    /// and failed again is open again. An edit stays.
    ///
    /// A refusal is reported while the profile stands as refused, so its letter must not be closed as re-driven, not even
    /// if this report is known: else nobody would ever hear of that profile again.
    pub(crate) fn reported_again(&self, occurrence: Occurrence, now: Timestamp) -> Option<Self> {
        let is_known = self.last_report == occurrence.report;
        let is_closed = self.reason == Reason::Refused && self.state == LetterState::Redriven;
        if is_known && !is_closed {
            return None;
        }
        let mut next = self.clone();
        if !is_known {
            next.attempts = next.attempts.saturating_add(occurrence.attempts);
        }
        next.last_report = occurrence.report;
        next.code = occurrence.code;
        next.detail = occurrence.detail;
        if next.state == LetterState::Redriven {
            next.state = LetterState::Open;
            next.note(occurrence.by, Decision::Reopened, None, now);
        }
        next.last_at = now;
        next.version += 1;
        Some(next)
    }

    /// With another message, to be re-driven.
    pub(crate) fn edited(&self, message: String, by: String, now: Timestamp) -> Self {
        let mut next = self.clone();
        (next.message, next.edited, next.cut) = (message, true, false);
        next.decided(by, Decision::Edited, None, now)
    }

    pub(crate) fn redriven(&self, by: String, why: Option<String>, now: Timestamp) -> Self {
        let next = Self { state: LetterState::Redriven, ..self.clone() };
        next.decided(by, Decision::Redriven, why, now)
    }

    pub(crate) fn discarded(&self, by: String, why: String, now: Timestamp) -> Self {
        let next = Self { state: LetterState::Discarded, ..self.clone() };
        next.decided(by, Decision::Discarded, Some(why), now)
    }

    /// Without what it says about a person who was erased.
    pub(crate) fn emptied(&self, by: String, now: Timestamp) -> Self {
        let next = Self {
            state: LetterState::Discarded,
            message: String::new(),
            detail: String::new(),
            ..self.clone()
        };
        next.decided(by, Decision::Emptied, Some("the profile was erased".to_owned()), now)
    }

    fn decided(mut self, by: String, what: Decision, why: Option<String>, now: Timestamp) -> Self {
        self.note(by, what, why, now);
        self.version += 1;
        self
    }

    fn note(&mut self, by: String, what: Decision, why: Option<String>, at: Timestamp) {
        if self.actions.len() >= MAX_ACTIONS {
            self.actions.remove(1);
        }
        self.actions.push(Action { at, by, what, why });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn report(name: &str) -> Occurrence {
        Occurrence {
            id: "x".into(),
            reason: Reason::Refused,
            code: Some("E1".into()),
            detail: "too long".into(),
            profile_id: None,
            revision: None,
            message: "{}".into(),
            report: name.into(),
            by: "apply_acknowledgement".into(),
            first_at: None,
            attempts: 1,
        }
    }

    #[test]
    fn the_same_report_twice_is_one_and_another_one_is_counted() {
        let letter = Letter::new(report("a"), at(1));
        assert_eq!(letter.reported_again(report("a"), at(2)), None);
        let again = letter.reported_again(report("b"), at(3)).unwrap();
        assert_eq!((again.attempts, again.first_at, again.last_at), (2, at(1), at(3)));
    }

    #[test]
    fn what_fails_again_after_a_re_drive_is_open_again_but_what_was_discarded_stays_so() {
        let letter = Letter::new(report("a"), at(1));
        let redriven = letter.redriven("olga".into(), None, at(2));
        let again = redriven.reported_again(report("b"), at(3)).unwrap();
        assert_eq!((again.state, again.actions.len()), (LetterState::Open, 3));
        let discarded = letter.discarded("olga".into(), "test data".into(), at(2));
        assert_eq!(
            discarded.reported_again(report("b"), at(3)).unwrap().state,
            LetterState::Discarded
        );
    }

    #[test]
    fn a_refusal_that_still_stands_opens_its_letter_again_whoever_reported_it() {
        let redriven = Letter::new(report("a"), at(1)).redriven("olga".into(), None, at(2));
        let again = redriven.reported_again(report("a"), at(3)).unwrap();
        assert_eq!((again.state, again.attempts), (LetterState::Open, 1));
        let poison = Letter { reason: Reason::OutboxPoison, ..redriven };
        assert_eq!(poison.reported_again(report("a"), at(3)), None);
    }

    #[test]
    fn actions_are_bounded_and_the_first_one_stays() {
        let mut letter = Letter::new(report("a"), at(0));
        for second in 1..300 {
            letter = letter.edited("{}".into(), "olga".into(), at(second));
        }
        assert_eq!((letter.actions.len(), letter.actions[0].what), (MAX_ACTIONS, Decision::Kept));
        assert_eq!((letter.actions.last().unwrap().at, letter.version), (at(299), 300));
    }

    #[test]
    fn a_message_that_is_too_long_is_cut_between_characters() {
        let letter = Letter::new(
            Occurrence { message: "🦊".repeat(MAX_MESSAGE_BYTES), ..report("a") },
            at(0),
        );
        assert!(
            letter.cut
                && letter.message.len() <= MAX_MESSAGE_BYTES
                && letter.message.ends_with('🦊')
        );
    }

    #[test]
    fn an_emptied_letter_says_nothing_about_the_person() {
        let letter = Letter::new(Occurrence { message: "Kim".into(), ..report("a") }, at(0))
            .emptied("erasure".into(), at(1));
        assert!(!serde_json::to_string(&letter).unwrap().contains("Kim"));
        assert_eq!(letter.state, LetterState::Discarded);
    }
}
