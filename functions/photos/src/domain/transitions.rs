//! What may become of a photo. Every function returns the photo as it would be; storing it, on condition that
//! it is still the one that was read, is the store's.

use super::checking::Checking;
use super::history::{self, Actor, Entry};
use super::photo::{Duty, Photo};
use super::picture::Picture;
use super::reason::Reason;
use super::schedule::{
    DUTY_GRACE, KEEP_REJECTED, REVIEW_AGAIN, RUN_LEASE, TIDY_AFTER, UPLOAD_GRACE,
};
use super::severity::Severities;
use super::state::{PhotoState, TransitionRefused};
use jiff::{SignedDuration, Timestamp};

/// What the pipeline found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) to: Decision,
    pub(crate) picture: Option<Picture>,
    /// What judged it: name and version.
    pub(crate) model: Option<String>,
    pub(crate) severities: Option<Severities>,
}

/// Where a decision leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Review(Reason),
    Reject(Reason),
}

impl Decision {
    pub(crate) fn state(&self) -> PhotoState {
        match self {
            Self::Approve => PhotoState::Approved,
            Self::Review(_) => PhotoState::Review,
            Self::Reject(_) => PhotoState::Rejected,
        }
    }

    fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Approve => None,
            Self::Review(reason) | Self::Reject(reason) => Some(reason),
        }
    }
}

impl Photo {
    /// A run of the pipeline begins: the first one, or another one when the one before is over. `None` if another
    /// run is at it.
    pub(crate) fn run_begun(&self, now: Timestamp) -> Result<Option<Self>, TransitionRefused> {
        let leased_until = Some(now + RUN_LEASE);
        let Some(checking) = self.checking else {
            let mut photo = self.moved(PhotoState::Checking, Actor::Pipeline, None, now)?;
            photo.checking = Some(Checking::begun(now, leased_until));
            photo.due_at = Some(now + RUN_LEASE);
            return Ok(Some(photo));
        };
        if checking.leased_until.is_some_and(|until| until > now) {
            return Ok(None);
        }
        let attempts = checking.attempts.saturating_add(1);
        // Who comes to an end gives its lease back.
        let died = checking.died.saturating_add(u32::from(checking.leased_until.is_some()));
        let checking = Some(Checking { attempts, leased_until, died, ..checking });
        let due_at = Some(now + RUN_LEASE);
        Ok(Some(Self { checking, due_at, ..self.clone() }))
    }

    /// The run came to nothing and is to be tried again after `pause`. Nobody else notices: the revision stays.
    pub(crate) fn run_postponed(
        &self,
        checking: Checking,
        pause: SignedDuration,
        now: Timestamp,
    ) -> Self {
        let checking = Some(Checking { leased_until: None, ..checking });
        let due_at = Some(now + pause + DUTY_GRACE);
        Self { checking, due_at, ..self.clone() }
    }

    /// The pipeline decided.
    pub(crate) fn checked(&self, check: Check, now: Timestamp) -> Result<Self, TransitionRefused> {
        let with_picture = Self { picture: check.picture, ..self.clone() };
        let mut photo = with_picture.decided(&check.to, Actor::Pipeline, None, now)?;
        photo.severities = check.severities.clone();
        if let Some(entry) = photo.history.last_mut() {
            entry.model = check.model;
            entry.severities = check.severities;
        }
        Ok(photo)
    }

    /// Somebody decided: the pipeline, or a moderator (also back to review: undo).
    pub(crate) fn decided(
        &self,
        decision: &Decision,
        by: Actor,
        note: Option<String>,
        now: Timestamp,
    ) -> Result<Self, TransitionRefused> {
        if *decision == Decision::Approve && self.picture.is_none() {
            return Err(TransitionRefused::PictureMissing);
        }
        let mut photo = self.moved(decision.state(), by, decision.reason().cloned(), now)?;
        photo.checking = None;
        photo.decided_at = Some(now);
        if let Some(entry) = photo.history.last_mut() {
            entry.note = note;
        }
        Ok(photo)
    }

    /// Its owner asks a person to look again; once.
    pub(crate) fn appealed(&self, now: Timestamp) -> Result<Self, TransitionRefused> {
        if !self.can_be_appealed() {
            return Err(TransitionRefused::Unappealable);
        }
        let mut photo = self.moved(PhotoState::Review, Actor::Owner, self.reason.clone(), now)?;
        photo.appealed = true;
        Ok(photo)
    }

    /// The ticket was not used.
    pub(crate) fn expired(&self, now: Timestamp) -> Result<Self, TransitionRefused> {
        self.moved(PhotoState::Expired, Actor::Sweep, None, now)
    }

    /// The photo is gone: what is left says that it was there, and nothing of what it showed or who saw it.
    pub(crate) fn erased(&self, by: Actor, now: Timestamp) -> Result<Self, TransitionRefused> {
        let mut photo = self.moved(PhotoState::Erased, by, None, now)?;
        photo.upload_digest = None;
        photo.picture = None;
        photo.severities = None;
        photo.checking = None;
        photo.decided_at = Some(now);
        photo.traceparent = None;
        let bare = |entry: &Entry| Entry::new(entry.at, bare(&entry.by), entry.from, entry.to);
        photo.history = photo.history.iter().map(bare).collect();
        Ok(photo)
    }

    /// What had to be done after the change is done, but for what is `left`.
    pub(crate) fn settled(&self, left: Vec<Duty>, now: Timestamp) -> Self {
        let due_at = match self.state {
            PhotoState::AwaitingUpload | PhotoState::Checking => self.due_at,
            _ if !left.is_empty() => Some(now + DUTY_GRACE),
            // Until the URL of its ticket has ended, somebody may upload once more.
            _ => Some((now + TIDY_AFTER).max(self.ticket.expires_at + UPLOAD_GRACE)),
        };
        Self { duties: left, due_at, ..self.clone() }
    }

    /// The blobs are where they belong. A rejected picture stays for a while, to be looked at again.
    pub(crate) fn tidied(&self, now: Timestamp) -> Self {
        let keep_until = self.updated_at + KEEP_REJECTED;
        let rejected = self.state == PhotoState::Rejected && self.picture.is_some();
        if rejected && now < keep_until {
            return Self { due_at: Some(keep_until), ..self.clone() };
        }
        let picture = if rejected { None } else { self.picture.clone() };
        let due_at = (self.state == PhotoState::Review).then(|| now + REVIEW_AGAIN);
        Self { due_at, picture, ..self.clone() }
    }

    /// Whether the picture was rejected so long ago that it goes.
    pub(crate) fn is_past_keeping(&self, now: Timestamp) -> bool {
        self.state == PhotoState::Rejected && now >= self.updated_at + KEEP_REJECTED
    }

    fn moved(
        &self,
        to: PhotoState,
        by: Actor,
        why: Option<Reason>,
        now: Timestamp,
    ) -> Result<Self, TransitionRefused> {
        let from = self.state;
        if !from.may_become(to) {
            return Err(TransitionRefused::Unreachable { from, to });
        }
        let entry = Entry { why: why.clone(), ..Entry::new(now, by, Some(from), to) };
        let mut photo = Self {
            state: to,
            reason: why,
            revision: self.revision.next(),
            updated_at: now,
            history: history::with(&self.history, entry),
            due_at: Some(now + DUTY_GRACE),
            ..self.clone()
        };
        photo.duties = self.duties_after(&photo);
        Ok(photo)
    }

    /// What is left to do from before, and what this change adds.
    fn duties_after(&self, photo: &Self) -> Vec<Duty> {
        let mut duties = self.duties.clone();
        match (self.is_remembered(), photo.is_remembered()) {
            (false, true) => {
                duties.retain(|duty| *duty != Duty::Forget);
                duties.push(Duty::Remember);
            }
            (true, false) if photo.state != PhotoState::Erased => {
                duties.retain(|duty| *duty != Duty::Remember);
                duties.push(Duty::Forget);
            }
            _ => {}
        }
        let was_known =
            self.state == PhotoState::Review && self.reason.as_ref() == Some(&Reason::KNOWN_IMAGE);
        if was_known && photo.state == PhotoState::Approved {
            duties.push(Duty::Lift);
        }
        match photo.state {
            PhotoState::Review => duties.push(Duty::OpenCase),
            PhotoState::Erased => duties.push(Duty::CloseCases),
            _ => {}
        }
        if photo.state.is_announced() {
            duties.push(Duty::Announce);
        }
        duties.sort_unstable();
        duties.dedup();
        duties
    }
}

/// Who did it, without who it was.
fn bare(actor: &Actor) -> Actor {
    match actor {
        Actor::Moderator { .. } => Actor::Moderator { id: String::new() },
        other => other.clone(),
    }
}
