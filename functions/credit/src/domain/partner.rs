//! Partners: companies that ask for assessments.

use super::{PartnerId, Sealed};
use jiff::Timestamp;
use values::Revision;

/// Most places that a partner's people may return to.
pub(crate) const MAX_RETURN_URLS: usize = 10;

/// A company that asks. It is known from its first request on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partner {
    pub(crate) id: PartnerId,
    /// Where the person may be sent after the bank, exactly as given.
    pub(crate) return_urls: Vec<String>,
    /// What its people's pseudonyms are made with. Another key unlinks all that was.
    pub(crate) pseudonym_key: Sealed,
    pub(crate) created_at: Timestamp,
    pub(crate) revision: Revision,
}

impl Partner {
    pub(crate) fn new(id: PartnerId, pseudonym_key: Sealed, now: Timestamp) -> Self {
        let (return_urls, revision) = (Vec::new(), Revision::FIRST);
        Self { id, return_urls, pseudonym_key, created_at: now, revision }
    }

    /// With other places to return to.
    pub(crate) fn returning_to(self, return_urls: Vec<String>) -> Self {
        if self.return_urls == return_urls {
            return self;
        }
        Self { return_urls, revision: self.revision.next(), ..self }
    }
}
