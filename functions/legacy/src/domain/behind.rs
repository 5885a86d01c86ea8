//! A document that is behind what was sent, or what the mainframe has: after a restore, or a failover that lost writes.
//! Its revisions count on from where it is, and would be taken for old ones.
//!
//! A copy that is behind for a moment looks the same. What tells them apart is time: no copy is older than a bound, and
//! what was written after a higher revision was known, or is another state of the same revision, was counted anew.

use super::ids::Revision;
use super::sync::{Behind, Patience, Standing, Sync};
use jiff::{SignedDuration, Timestamp};

/// How far the clocks of two machines are apart at most.
const CLOCKS_DIFFER_BY: SignedDuration = SignedDuration::from_secs(2);

/// Which state of a profile a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) revision: Revision,
    /// When the profile became so: tells two states apart that were given the same revision.
    pub(crate) written_at: Timestamp,
    pub(crate) is_erased: bool,
}

/// What a document is that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// As new as all that is known, or newer.
    Sound,
    /// Older; the copy may only be behind.
    Old,
    /// The revision that is known was lost: whatever is counted up to it would not be taken.
    Behind(Revision),
    /// The profile lives, though its erasure was sent.
    Undone,
}

/// The highest revision that is known of a profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) revision: Revision,
    /// Since when.
    pub(super) at: Timestamp,
    written_at: Option<Timestamp>,
}

impl Sync {
    /// The highest revision that was sent or held back, or that the mainframe has.
    pub(super) fn known(&self) -> Option<Known> {
        let sent = self.sent.as_ref().map(|sent| (sent.revision, sent.at, sent.written_at));
        let held = self.held.as_ref().map(|held| (held.revision, held.at, held.written_at));
        let applied = self.applied.as_ref().map(|has| (has.revision, has.at, has.written_at));
        let behind = self.behind.as_ref().map(|behind| (behind.revision, behind.at, None));
        let all = [sent, held, applied, behind];
        let revision = all.iter().flatten().map(|(revision, ..)| *revision).max()?;
        let mut newest = all.iter().flatten().filter(|(known, ..)| *known == revision);
        let at = newest.clone().map(|(_, at, _)| *at).min()?;
        Some(Known { revision, at, written_at: newest.find_map(|(.., written_at)| *written_at) })
    }

    /// What a document is that was read now.
    pub(crate) fn judge(
        &self,
        version: &Version,
        now: Timestamp,
        patience: &Patience,
    ) -> Judgement {
        let Some(known) = self.known() else { return Judgement::Sound };
        let is_older = version.revision < known.revision;
        let is_anew = is_counted_anew(version, &known);
        let may_be_old = |since: Timestamp| now.duration_since(since) < patience.old_reads;
        let is_lost =
            is_anew || self.was_told(version.revision) || (is_older && !may_be_old(known.at));
        let may_precede_erasure = is_older && !is_anew && self.erased_at.is_some_and(may_be_old);
        match (is_lost, is_older) {
            (false, true) => Judgement::Old,
            _ if self.is_undone_by(version) && !may_precede_erasure => Judgement::Undone,
            (true, _) => Judgement::Behind(known.revision),
            (false, false) => Judgement::Sound,
        }
    }

    /// Whether this lives although it was erased.
    pub(super) fn is_undone_by(&self, version: &Version) -> bool {
        self.erased_at.is_some() && !version.is_erased
    }

    /// The revision that was lost, if this document shows it by itself, however old the copy is.
    pub(super) fn lost_by(&self, version: &Version) -> Option<Revision> {
        self.known().filter(|known| is_counted_anew(version, known)).map(|known| known.revision)
    }

    /// Whether there should be a document, if none can be read.
    pub(crate) fn is_missed(&self, now: Timestamp, patience: &Patience) -> bool {
        self.known().is_some_and(|known| now.duration_since(known.at) >= patience.old_reads)
    }

    /// Something is not as it should be: `reconcile` looks soon, and until then nothing counts as applied.
    pub(crate) fn doubted(mut self, now: Timestamp) -> Self {
        if let Some(known) = self.known() {
            self.doubt(known.revision, known.at, now);
        }
        self
    }

    pub(super) fn doubt(&mut self, revision: Revision, at: Timestamp, now: Timestamp) {
        let was_told = self.was_told(revision);
        let behind = self.behind.get_or_insert(Behind { revision, at, told_at: None });
        behind.revision = behind.revision.max(revision);
        self.standing = Standing::Waiting;
        self.waiting_since = self.waiting_since.or(Some(now));
        if !was_told {
            self.look_soon(now);
        }
    }

    /// Whether it is known already, and told, that this revision was lost.
    pub(super) fn was_told(&self, revision: Revision) -> bool {
        self.behind
            .as_ref()
            .is_some_and(|behind| behind.told_at.is_some() && behind.revision >= revision)
    }

    /// After those were told who can give the document a higher revision.
    pub(crate) fn told(self, now: Timestamp, patience: &Patience) -> Self {
        let mut told = self.doubted(now);
        told.held = None;
        if let Some(behind) = &mut told.behind {
            behind.told_at = Some(now);
            told.due_at = now.checked_add(patience.unanswered).ok();
        }
        told
    }

    /// The document has the revision that was in doubt, or a higher one than was lost. True if there was a doubt.
    pub(super) fn clear_doubt(&mut self, revision: Revision) -> bool {
        let is_over = |behind: &mut Behind| {
            revision > behind.revision || (revision == behind.revision && behind.told_at.is_none())
        };
        self.behind.take_if(is_over).is_some()
    }
}

fn is_counted_anew(version: &Version, known: &Known) -> bool {
    if version.revision == known.revision {
        return known.written_at.is_some_and(|known| is_other(known, version.written_at));
    }
    let after_known = version.written_at.duration_since(known.at);
    version.revision < known.revision && after_known > CLOCKS_DIFFER_BY
}

/// Times are kept in milliseconds.
pub(super) fn is_other(one: Timestamp, other: Timestamp) -> bool {
    one.as_millisecond() != other.as_millisecond()
}
