//! What may become of a case. Every function returns the case as it would be; storing it, on condition that it is
//! still the one that was read, is the store's.

use super::case::{Case, CaseEntry, CaseEvent, CaseState, Judgement, Lease, Ruling, moderator};
use super::photo::Photo;
use jiff::{SignedDuration, Timestamp};
use values::Revision;

/// How long a case is kept for the moderator who looks at it.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How long a decision can be undone.
pub(crate) const UNDO_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Most entries of a case's history; the oldest go first, but for the first one.
const MAX_HISTORY: usize = 100;

/// The case is not in a state that allows this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CaseRefused {
    #[error("the case is {}", .0.as_str())]
    NotOpen(CaseState),
    #[error("another moderator looks at the case until {until}")]
    HeldByAnother { until: Timestamp },
    #[error("take the case first, then decide")]
    NotHeld,
    #[error("the owner appeals against your decision: another moderator must look")]
    OwnDecision,
    #[error("there is no picture that could be shown: the photo can only be rejected")]
    NoPicture,
    #[error("there is no decision to undo")]
    NothingToUndo,
    #[error("a decision can be undone for 24 hours, this one is from {at}")]
    TooLate { at: Timestamp },
}

impl Case {
    /// Item for `moderator` for the next ten minutes; taking it again makes it last longer.
    pub(crate) fn leased(&self, moderator: &str, now: Timestamp) -> Result<Self, CaseRefused> {
        self.open_for(moderator, now)?;
        let again = self.held(now).is_some();
        let lease = Some(Lease { by: moderator.to_owned(), until: now + LEASE });
        let case = Self { lease, ..self.clone() };
        Ok(if again { case.next() } else { case.with(Some(moderator), CaseEvent::Leased, now) })
    }

    /// Free for others again. Who does not hold it changes nothing.
    pub(crate) fn released(&self, moderator: &str, now: Timestamp) -> Self {
        if self.lease.as_ref().is_none_or(|lease| lease.by != moderator) {
            return self.clone();
        }
        let case = Self { lease: None, ..self.clone() };
        case.with(Some(moderator), CaseEvent::Released, now)
    }

    /// Without a lease that has run out; `None` if there is none.
    pub(crate) fn lapsed(&self, now: Timestamp) -> Option<Self> {
        let over = self.lease.as_ref().is_some_and(|lease| lease.until <= now);
        let free = || Self { lease: None, ..self.clone() };
        over.then(|| free().with(None, CaseEvent::Lapsed, now))
    }

    /// Decided by whoever holds it.
    pub(crate) fn decided(
        &self,
        judgement: Judgement,
        note: Option<String>,
        moderator: &str,
        now: Timestamp,
    ) -> Result<Self, CaseRefused> {
        self.open_for(moderator, now)?;
        if self.held(now).is_none() {
            return Err(CaseRefused::NotHeld);
        }
        if judgement == Judgement::Approve && !self.has_picture {
            return Err(CaseRefused::NoPicture);
        }
        let by = moderator.to_owned();
        let ruling = Ruling { judgement, note: note.clone(), by, at: now, carried_out: false };
        let case =
            Self { state: CaseState::Decided, lease: None, ruling: Some(ruling), ..self.clone() };
        Ok(case.with(Some(moderator), CaseEvent::Decided { judgement, note }, now))
    }

    /// Whether exactly this was decided by this moderator already.
    pub(crate) fn is_decided_so(
        &self,
        judgement: Judgement,
        note: Option<&str>,
        moderator: &str,
    ) -> bool {
        let same = |ruling: &Ruling| {
            ruling.by == moderator
                && ruling.judgement == judgement
                && ruling.note.as_deref() == note
        };
        self.state == CaseState::Decided && self.ruling.as_ref().is_some_and(same)
    }

    /// Whether the last that happened is that this moderator took the decision back.
    pub(crate) fn is_undone_by(&self, moderator: &str) -> bool {
        let last = self.history.last();
        self.state == CaseState::Open
            && last.is_some_and(|entry| {
                entry.event == CaseEvent::Undone && entry.by.as_deref() == Some(moderator)
            })
    }

    /// The photo has followed the decision.
    pub(crate) fn carried_out(&self) -> Self {
        let done = |ruling: &Ruling| Ruling { carried_out: true, ..ruling.clone() };
        Self { ruling: self.ruling.as_ref().map(done), ..self.clone() }.next()
    }

    /// The decision that a moderator may take back now.
    pub(crate) fn undoable(&self, now: Timestamp) -> Result<&Ruling, CaseRefused> {
        let ruling = self.ruling.as_ref().filter(|_| self.state == CaseState::Decided);
        let ruling = ruling.ok_or(CaseRefused::NothingToUndo)?;
        if now > ruling.at + UNDO_WITHIN {
            return Err(CaseRefused::TooLate { at: ruling.at });
        }
        Ok(ruling)
    }

    /// Open again, since the photo came back into review after it was decided; the case itself if it was opened
    /// for this time already.
    pub(crate) fn reopened(&self, photo: &Photo, now: Timestamp) -> Self {
        if self.photo_revision >= photo.revision {
            return self.clone();
        }
        let by = photo.history.last().and_then(|entry| moderator(&entry.by));
        let case = Self {
            state: CaseState::Open,
            lease: None,
            ruling: None,
            undone: self.undone.saturating_add(1),
            has_picture: photo.picture.is_some(),
            photo_revision: photo.revision,
            ..self.clone()
        };
        case.with(by.as_deref(), CaseEvent::Undone, now)
    }

    /// The photo is gone; `None` if there is nothing left to close. Nothing stays of what somebody wrote about it, and
    /// whoever still means to open the case for an earlier revision of the photo finds that it is too late.
    pub(crate) fn closed(&self, gone: Revision, now: Timestamp) -> Option<Self> {
        let photo_revision = self.photo_revision.max(gone);
        let wordless = Self { photo_revision, ..self.without_notes() };
        if self.state != CaseState::Open {
            return (wordless != *self).then(|| wordless.next());
        }
        let case = Self { state: CaseState::Closed, lease: None, ..wordless };
        Some(case.with(None, CaseEvent::Closed, now))
    }

    fn without_notes(&self) -> Self {
        let mut case = Self { has_picture: false, ..self.clone() };
        if let Some(ruling) = &mut case.ruling {
            ruling.note = None;
        }
        for entry in &mut case.history {
            if let CaseEvent::Decided { note, .. } = &mut entry.event {
                *note = None;
            }
        }
        case
    }

    fn open_for(&self, moderator: &str, now: Timestamp) -> Result<(), CaseRefused> {
        if self.state != CaseState::Open {
            return Err(CaseRefused::NotOpen(self.state));
        }
        if self.excluded.as_deref() == Some(moderator) {
            return Err(CaseRefused::OwnDecision);
        }
        match self.held(now) {
            Some(lease) if lease.by != moderator => {
                Err(CaseRefused::HeldByAnother { until: lease.until })
            }
            _ => Ok(()),
        }
    }

    fn with(mut self, by: Option<&str>, event: CaseEvent, now: Timestamp) -> Self {
        if self.history.len() >= MAX_HISTORY {
            self.history.remove(1);
        }
        self.history.push(CaseEntry { at: now, by: by.map(str::to_owned), event });
        self.next()
    }

    fn next(self) -> Self {
        Self { revision: self.revision.next(), ..self }
    }
}
