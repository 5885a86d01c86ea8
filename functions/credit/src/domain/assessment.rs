//! The work from a question to its one end.

use super::{AssessmentId, ConsentId, PartnerId, Person, Score, Sealed};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;
use values::{Revision, TraceOrigin};

/// How long the bank usually takes.
const BANK_TAKES: SignedDuration = SignedDuration::from_secs(12);
/// How long scoring usually takes.
const SCORING_TAKES: SignedDuration = SignedDuration::from_secs(12);

/// When somebody may ask again at the earliest.
const SOONEST: Duration = Duration::from_secs(1);

/// One question about one person, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assessment {
    pub(crate) id: AssessmentId,
    pub(crate) partner: PartnerId,
    /// `None`: erased.
    pub(crate) person: Option<Person>,
    pub(crate) consent: ConsentId,
    /// The version of the scorecard that it is held against.
    pub(crate) scorecard: String,
    pub(crate) created_at: Timestamp,
    pub(crate) phase: Phase,
    /// What follows from its end and is not known to be done.
    pub(crate) duties: BTreeSet<Duty>,
    pub(crate) revision: Revision,
    /// Where it began. What is done for it later belongs to that trace, whoever has it done.
    pub(crate) origin: Option<TraceOrigin>,
}

/// How far it is. The key that opens the bank's answer is here and nowhere else, and goes with the phases that need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Phase {
    /// The bank is asked.
    Fetching {
        /// How often it was begun anew.
        attempt: u32,
        since: Timestamp,
        key: Sealed,
    },
    /// Its answer lies sealed, and a score is made of it.
    Scoring {
        attempt: u32,
        since: Timestamp,
        key: Sealed,
    },
    Ended {
        at: Timestamp,
        outcome: Outcome,
    },
    /// Nothing is left of it but that it was.
    Erased {
        at: Timestamp,
    },
}

/// The one end that an assessment has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Outcome {
    Scored {
        result: Score,
    },
    /// The bank had too little for a score: that is not a low one.
    NotScoreable {
        reason: String,
        months_seen: u32,
    },
    Failed {
        code: Failed,
    },
    /// The person took the consent back.
    Withdrawn,
}

/// Why there is no result. Clients are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Failed {
    /// The bank did not answer, several times. The consent can be used again.
    BankUnavailable,
    /// The bank's answers are not what it promises.
    BankAnswerUnusable,
    /// The bank does not take the consent any more: the person must be asked again.
    ConsentGone,
    /// No score was made in time, or none could be. The consent can be used again.
    #[serde(rename = "scoring-failed")]
    NoScore,
}

/// What follows from an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Duty {
    /// The bank's sealed answer is to be deleted.
    DeleteActivity,
    /// What somebody wrote who contests it is to be deleted.
    DeleteReview,
    /// The consent has served, or may serve another.
    SettleConsent,
    /// The partner is to hear of it.
    Tell,
}

/// What somebody sees who asks how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) since: Timestamp,
    /// When it is likely to have ended.
    pub(crate) expected_at: Timestamp,
}

impl Phase {
    /// The score, if it ended with one.
    pub(crate) fn score(&self) -> Option<&Score> {
        match self {
            Self::Ended { outcome: Outcome::Scored { result }, .. } => Some(result),
            _ => None,
        }
    }
}

impl Progress {
    /// When it is worth asking again: when it is likely to have ended, and a second later if that was a while ago.
    pub(crate) fn ask_again_in(self, now: Timestamp) -> Duration {
        let left = self.expected_at.duration_since(now);
        Duration::try_from(left).unwrap_or_default().max(SOONEST)
    }
}

impl Assessment {
    /// The bank's answer lies sealed: scoring begins. `None`: it is not what this attempt found any more.
    pub(crate) fn stored(self, of: u32, now: Timestamp) -> Option<Self> {
        match &self.phase {
            Phase::Fetching { attempt, key, .. } if *attempt == of => {
                let phase = Phase::Scoring { attempt: of, since: now, key: key.clone() };
                Some(self.in_phase(phase))
            }
            Phase::Scoring { attempt, .. } if *attempt == of => Some(self),
            _ => None,
        }
    }

    /// Its message was lost, or took too long: the phase that it is in begins anew, with the same attempt.
    pub(crate) fn begun_anew(mut self, now: Timestamp) -> Self {
        match &mut self.phase {
            Phase::Fetching { since, .. } | Phase::Scoring { since, .. } => *since = now,
            Phase::Ended { .. } | Phase::Erased { .. } => return self,
        }
        Self { revision: self.revision.next(), ..self }
    }

    /// Ends it, unless it has ended: the first end counts. The key goes.
    pub(crate) fn ended(self, outcome: Outcome, now: Timestamp) -> Self {
        if !self.is_open() {
            return self;
        }
        let mut next = self.in_phase(Phase::Ended { at: now, outcome });
        next.duties.extend([Duty::DeleteActivity, Duty::SettleConsent, Duty::Tell]);
        next
    }

    /// Without anything of the person, and without anybody hearing of it. The key goes.
    pub(crate) fn erased(self, now: Timestamp) -> Self {
        if matches!(self.phase, Phase::Erased { .. }) {
            return self;
        }
        let mut next = self.in_phase(Phase::Erased { at: now });
        next.person = None;
        next.duties =
            BTreeSet::from([Duty::DeleteActivity, Duty::DeleteReview, Duty::SettleConsent]);
        next
    }

    pub(crate) fn done(mut self, duty: Duty) -> Self {
        self.duties.remove(&duty);
        self
    }

    /// Whether it has no end yet.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Fetching { .. } | Phase::Scoring { .. })
    }

    /// How far it is, while it has no end.
    pub(crate) fn progress(&self) -> Option<Progress> {
        match &self.phase {
            Phase::Fetching { since, .. } => {
                Some(Progress { since: *since, expected_at: *since + BANK_TAKES + SCORING_TAKES })
            }
            Phase::Scoring { since, .. } => {
                Some(Progress { since: *since, expected_at: *since + SCORING_TAKES })
            }
            Phase::Ended { .. } | Phase::Erased { .. } => None,
        }
    }

    fn in_phase(self, phase: Phase) -> Self {
        Self { phase, revision: self.revision.next(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Subject;
    use pretty_assertions::assert_eq;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn sealed() -> Sealed {
        Sealed { id: "k".into(), wrapped: "w".into() }
    }

    fn fetching() -> Assessment {
        Assessment {
            id: AssessmentId::from(Uuid::from_u128(1)),
            partner: PartnerId::new("acme"),
            person: Some(Person { subject: Subject::new("0".repeat(64)), reference: sealed() }),
            consent: ConsentId::from(Uuid::from_u128(2)),
            scorecard: "2026-11".into(),
            created_at: at(0),
            phase: Phase::Fetching { attempt: 1, since: at(0), key: sealed() },
            duties: BTreeSet::new(),
            revision: Revision::FIRST,
            origin: None,
        }
    }

    #[test]
    fn another_attempt_stores_nothing() {
        assert!(fetching().stored(2, at(2)).is_none());
        let scoring = fetching().stored(1, at(2)).unwrap();
        assert_eq!(scoring.clone().stored(1, at(3)), Some(scoring), "told twice");
    }

    #[test]
    fn the_first_end_counts_and_takes_the_key_along() {
        let ended = fetching().ended(Outcome::Withdrawn, at(5));
        assert!(!serde_json::to_string(&ended.phase).unwrap().contains("wrapped"));
        assert_eq!(ended.duties.len(), 3);
        let late = ended.clone().ended(Outcome::Failed { code: Failed::NoScore }, at(6));
        assert_eq!(late, ended);
        assert!(ended.stored(1, at(7)).is_none());
    }

    #[test]
    fn of_an_erased_one_nothing_is_left_and_nobody_hears() {
        for before in [fetching(), fetching().ended(Outcome::Withdrawn, at(5))] {
            let erased = before.erased(at(9));
            assert_eq!(erased.person, None);
            assert!(!erased.duties.contains(&Duty::Tell));
            assert_eq!(erased.clone().ended(Outcome::Withdrawn, at(10)), erased);
            assert_eq!(erased.clone().erased(at(11)), erased);
        }
    }

    #[test]
    fn who_asks_is_told_when_it_is_worth_asking() {
        let progress = fetching().progress().unwrap();
        assert_eq!(progress.ask_again_in(at(4)), Duration::from_secs(20));
        assert_eq!(progress.ask_again_in(at(400)), SOONEST);
    }
}
