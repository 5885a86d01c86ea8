//! A person's leave to ask the bank.

use super::{AssessmentId, ConsentId, PartnerId, Person, Sealed};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use values::Revision;

/// A person's leave to ask the bank for so many days, for one assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) id: ConsentId,
    pub(crate) partner: PartnerId,
    /// `None`: erased.
    pub(crate) person: Option<Person>,
    /// Days of history that may be asked for.
    pub(crate) days: u16,
    /// The SHA-256 of what must come back from the bank as `state`, in hexadecimal digits.
    pub(crate) state_hash: Option<String>,
    /// Where the person goes after the bank. `None`: the partner had the token already, and nobody was sent anywhere.
    pub(crate) return_url: Option<String>,
    pub(crate) created_at: Timestamp,
    /// From then on it is over, used or not.
    pub(crate) valid_until: Timestamp,
    pub(crate) state: ConsentState,
    pub(crate) duties: BTreeSet<ConsentDuty>,
    pub(crate) revision: Revision,
}

/// How far it is. The token is here and nowhere else, and only while it may be needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum ConsentState {
    /// The person is on the way to the bank.
    Pending {
        /// What must come back as `state`, and the code verifier (RFC 7636), separated by a blank.
        asked: Sealed,
        /// Until then somebody exchanges a code: a second exchange would have the bank revoke what the first one got.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exchanging_until: Option<Timestamp>,
    },
    Granted {
        token: Sealed,
    },
    /// An assessment works with it.
    InUse {
        token: Sealed,
        assessment: AssessmentId,
    },
    /// It has served.
    Used {
        assessment: AssessmentId,
        at: Timestamp,
    },
    Withdrawn {
        at: Timestamp,
        /// The assessment that was at work.
        assessment: Option<AssessmentId>,
        /// Until the bank has revoked it.
        token: Option<Sealed>,
    },
    /// Its time was over, or the bank said that it is.
    Expired {
        at: Timestamp,
        assessment: Option<AssessmentId>,
    },
    Refused {
        at: Timestamp,
    },
}

/// What follows from an end of the consent, and is not known to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConsentDuty {
    /// The bank is to forget the token.
    Revoke,
    /// The assessment that works with it is to stop.
    Stop,
    /// The partner is to hear that it is over.
    Tell,
}

/// Why no assessment begins with a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotUsable {
    /// The person has not decided yet.
    Pending,
    /// Another assessment works with it.
    InUse(AssessmentId),
    /// It has served for this one.
    Used(AssessmentId),
    Withdrawn,
    Expired,
    Refused,
}

impl Consent {
    /// Lets an assessment work with it. The same one may again.
    pub(crate) fn used_by(self, by: AssessmentId, now: Timestamp) -> Result<Self, NotUsable> {
        match &self.state {
            ConsentState::InUse { assessment, .. } if *assessment == by => Ok(self),
            ConsentState::Granted { .. } if now >= self.valid_until => Err(NotUsable::Expired),
            ConsentState::Granted { token } => {
                let state = ConsentState::InUse { token: token.clone(), assessment: by };
                Ok(self.in_state(state))
            }
            ConsentState::Pending { .. } => Err(NotUsable::Pending),
            ConsentState::InUse { assessment, .. } => Err(NotUsable::InUse(*assessment)),
            ConsentState::Used { assessment, .. } => Err(NotUsable::Used(*assessment)),
            ConsentState::Withdrawn { .. } => Err(NotUsable::Withdrawn),
            ConsentState::Expired { .. } => Err(NotUsable::Expired),
            ConsentState::Refused { .. } => Err(NotUsable::Refused),
        }
    }

    /// The token, for the assessment that works with it.
    pub(crate) fn token_for(&self, by: AssessmentId, now: Timestamp) -> Option<&Sealed> {
        match &self.state {
            ConsentState::InUse { token, assessment }
                if *assessment == by && now < self.valid_until =>
            {
                Some(token)
            }
            _ => None,
        }
    }

    /// Whether its time may run out while nobody works with it.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.state, ConsentState::Pending { .. } | ConsentState::Granted { .. })
    }

    /// Lets one exchange a code for it. `None`: it is not waiting for one, or somebody else exchanges one.
    pub(crate) fn exchanging(self, now: Timestamp, until: Timestamp) -> Option<Self> {
        match &self.state {
            ConsentState::Pending { exchanging_until: Some(busy), .. } if now < *busy => None,
            ConsentState::Pending { asked, .. } => {
                let (asked, exchanging_until) = (asked.clone(), Some(until));
                Some(Self { state: ConsentState::Pending { asked, exchanging_until }, ..self })
            }
            _ => None,
        }
    }

    /// The bank did not take the code: it waits for another one.
    pub(crate) fn not_exchanged(self) -> Self {
        match &self.state {
            ConsentState::Pending { asked, .. } => {
                let (asked, exchanging_until) = (asked.clone(), None);
                Self { state: ConsentState::Pending { asked, exchanging_until }, ..self }
            }
            _ => self,
        }
    }

    /// The person has agreed at the bank. Who took it back meanwhile has a token that is to be revoked.
    pub(crate) fn granted(self, token: Sealed, until: Option<Timestamp>) -> Self {
        let valid_until = until.map_or(self.valid_until, |until| until.min(self.valid_until));
        match self.state {
            ConsentState::Pending { .. } => {
                let granted = self.in_state(ConsentState::Granted { token });
                Self { valid_until, ..granted }
            }
            ConsentState::Withdrawn { at, assessment, token: None } => {
                let state = ConsentState::Withdrawn { at, assessment, token: Some(token) };
                let mut next = Self { state, ..self };
                next.duties.insert(ConsentDuty::Revoke);
                next
            }
            _ => self,
        }
    }

    /// The person has not agreed.
    pub(crate) fn refused(self, now: Timestamp) -> Self {
        match self.state {
            ConsentState::Pending { .. } => self.in_state(ConsentState::Refused { at: now }),
            _ => self,
        }
    }

    /// Whether this assessment has to do with it, at work or before.
    pub(crate) fn is_with(&self, by: AssessmentId) -> bool {
        match &self.state {
            ConsentState::InUse { assessment, .. } | ConsentState::Used { assessment, .. } => {
                *assessment == by
            }
            _ => false,
        }
    }

    /// Without anything of the person; what is at work stops, and nobody hears of it.
    pub(crate) fn erased(self, now: Timestamp) -> Self {
        let mut next = self.withdrawn(now);
        next.duties.remove(&ConsentDuty::Tell);
        match next.person.take() {
            Some(_) => Self { revision: next.revision.next(), ..next },
            None => next,
        }
    }

    /// It has served: the token goes.
    pub(crate) fn served(self, by: AssessmentId, now: Timestamp) -> Self {
        match &self.state {
            ConsentState::InUse { assessment, .. } if *assessment == by => {
                self.in_state(ConsentState::Used { assessment: by, at: now })
            }
            _ => self,
        }
    }

    /// The bank could not be asked: another assessment may try.
    pub(crate) fn given_back(self, by: AssessmentId) -> Self {
        match &self.state {
            ConsentState::InUse { token, assessment } if *assessment == by => {
                let state = ConsentState::Granted { token: token.clone() };
                self.in_state(state)
            }
            _ => self,
        }
    }

    /// The person takes it back, at any moment.
    pub(crate) fn withdrawn(self, now: Timestamp) -> Self {
        let (token, assessment) = match &self.state {
            ConsentState::Pending { .. } => (None, None),
            ConsentState::Granted { token } => (Some(token.clone()), None),
            ConsentState::InUse { token, assessment } => (Some(token.clone()), Some(*assessment)),
            // What was made of it stays; it can be erased.
            ConsentState::Used { .. }
            | ConsentState::Withdrawn { .. }
            | ConsentState::Expired { .. }
            | ConsentState::Refused { .. } => return self,
        };
        let duties = [
            token.is_some().then_some(ConsentDuty::Revoke),
            assessment.is_some().then_some(ConsentDuty::Stop),
        ];
        let mut next = self.in_state(ConsentState::Withdrawn { at: now, assessment, token });
        next.duties.extend(duties.into_iter().flatten());
        next
    }

    /// Its time is over, or the bank does not know it any more: the token goes, what is at work stops, the partner hears of it.
    pub(crate) fn expired(self, now: Timestamp) -> Self {
        let assessment = match &self.state {
            ConsentState::Pending { .. } | ConsentState::Granted { .. } => None,
            ConsentState::InUse { assessment, .. } => Some(*assessment),
            _ => return self,
        };
        let was_pending = matches!(self.state, ConsentState::Pending { .. });
        let mut next = self.in_state(ConsentState::Expired { at: now, assessment });
        next.duties.extend(assessment.map(|_| ConsentDuty::Stop));
        next.duties.extend((!was_pending).then_some(ConsentDuty::Tell));
        next
    }

    /// A duty is done; with [`ConsentDuty::Revoke`] the token goes.
    pub(crate) fn done(mut self, duty: ConsentDuty) -> Self {
        if !self.duties.remove(&duty) {
            return self;
        }
        if let (ConsentDuty::Revoke, ConsentState::Withdrawn { token, .. }) =
            (duty, &mut self.state)
        {
            *token = None;
        }
        self
    }

    pub(crate) fn in_state(self, state: ConsentState) -> Self {
        Self { state, revision: self.revision.next(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn sealed() -> Sealed {
        Sealed { id: "k".into(), wrapped: "token".into() }
    }

    fn assessment(number: u128) -> AssessmentId {
        AssessmentId::from(Uuid::from_u128(number))
    }

    fn granted() -> Consent {
        Consent {
            id: ConsentId::from(Uuid::from_u128(2)),
            partner: PartnerId::new("acme"),
            person: None,
            days: 180,
            state_hash: None,
            return_url: None,
            created_at: at(0),
            valid_until: at(1_000),
            state: ConsentState::Granted { token: sealed() },
            duties: BTreeSet::new(),
            revision: Revision::FIRST,
        }
    }

    fn has_token(consent: &Consent) -> bool {
        serde_json::to_string(&consent.state).unwrap().contains("wrapped")
    }

    #[test]
    fn one_assessment_at_a_time_and_one_that_ends_it() {
        let (one, two) = (assessment(1), assessment(2));
        let used = granted().used_by(one, at(1)).unwrap();
        assert_eq!(used.clone().used_by(one, at(2)), Ok(used.clone()), "the same again");
        assert_eq!(used.clone().used_by(two, at(2)), Err(NotUsable::InUse(one)));
        assert!(used.token_for(one, at(2)).is_some() && used.token_for(two, at(2)).is_none());
        let back = used.clone().given_back(one);
        assert!(back.used_by(two, at(3)).is_ok());
        let served = used.served(one, at(4));
        assert!(!has_token(&served));
        assert_eq!(served.used_by(two, at(5)), Err(NotUsable::Used(one)));
    }

    #[test]
    fn one_that_ran_out_is_used_by_nobody() {
        assert_eq!(granted().used_by(assessment(1), at(1_000)), Err(NotUsable::Expired));
        let used = granted().used_by(assessment(1), at(999)).unwrap();
        assert!(used.token_for(assessment(1), at(1_000)).is_none());
    }

    #[test]
    fn one_that_the_bank_does_not_know_any_more_stops_what_is_at_work_and_is_told_of() {
        let gone = granted().used_by(assessment(1), at(1)).unwrap().expired(at(2));
        assert_eq!(gone.duties, BTreeSet::from([ConsentDuty::Stop, ConsentDuty::Tell]));
        assert!(!has_token(&gone));
        assert_eq!(granted().expired(at(2)).duties, BTreeSet::from([ConsentDuty::Tell]));
        assert_eq!(pending().expired(at(2)).duties, BTreeSet::new());
    }

    #[test]
    fn taken_back_at_any_moment_it_stops_what_is_at_work() {
        let used = granted().used_by(assessment(1), at(1)).unwrap();
        let withdrawn = used.withdrawn(at(2));
        assert_eq!(withdrawn.duties, BTreeSet::from([ConsentDuty::Revoke, ConsentDuty::Stop]));
        assert!(withdrawn.token_for(assessment(1), at(3)).is_none());
        assert_eq!(withdrawn.clone().withdrawn(at(4)), withdrawn, "once");
        assert_eq!(withdrawn.clone().served(assessment(1), at(4)), withdrawn, "a late end");
        assert!(!has_token(&withdrawn.done(ConsentDuty::Revoke)));
    }

    fn pending() -> Consent {
        let state = ConsentState::Pending { asked: sealed(), exchanging_until: None };
        Consent { state, ..granted() }
    }

    #[test]
    fn one_exchanges_a_code_at_a_time_and_who_dies_over_it_is_not_waited_for_long() {
        let busy = pending().exchanging(at(1), at(21)).unwrap();
        assert_eq!(busy.clone().exchanging(at(20), at(40)), None);
        assert!(busy.clone().exchanging(at(21), at(41)).is_some());
        assert!(busy.clone().not_exchanged().exchanging(at(2), at(22)).is_some());
        let granted = busy.granted(sealed(), Some(at(500)));
        assert_eq!((has_token(&granted), granted.valid_until), (true, at(500)));
        assert_eq!(granted.clone().refused(at(3)), granted, "a second answer of the bank");
        assert_eq!(granted.clone().granted(sealed(), None), granted);
        assert_eq!(granted.exchanging(at(30), at(50)), None);
    }

    #[test]
    fn a_token_that_comes_after_it_was_taken_back_is_revoked() {
        let late = pending().withdrawn(at(1)).granted(sealed(), None);
        assert_eq!(late.duties, BTreeSet::from([ConsentDuty::Revoke]));
        assert!(matches!(late.state, ConsentState::Withdrawn { token: Some(_), .. }));
    }

    #[test]
    fn what_has_served_stays() {
        let used = granted().used_by(assessment(1), at(1)).unwrap();
        let served = used.served(assessment(1), at(2));
        assert_eq!(served.clone().withdrawn(at(3)), served);
        assert_eq!(served.clone().expired(at(3)), served);
    }
}
