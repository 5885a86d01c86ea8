use azure_data_cosmos::{CosmosError, CosmosStatus, SubStatusCode};
use std::{fmt, time::Duration};

/// The SDK's own sub-status for an answer that is not the type asked for.
const UNEXPECTED_SHAPE: u16 = 20020;
/// Most characters of an SDK error that are kept for the log: it may carry pages of diagnostics.
const MAX_CAUSE_CHARS: usize = 400;
/// What stands before the id in the place of a document that an error names.
const IDS: &str = "/docs/";
/// When clients should try again. The SDK has waited and tried as often as Cosmos DB asked by the time we hear
/// of it, so this is a pause on top of that.
const RETRY_LATER: Duration = Duration::from_secs(5);

/// Why a conditional write did not happen, as far as we know.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Somebody else created it, changed it or deleted it first: read again and decide again. It may have been our own
    /// earlier try, of which the answer was lost.
    #[error("the document was changed by somebody else")]
    Conflict,
    /// Cosmos DB did not answer, or not with success. The document may be written all the same.
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// Cosmos DB did not do what we asked, or did it and the answer was lost: after a write that failed, nothing is known
/// about the document. Read it again, and make the write one that may be repeated. The text names the operation and the container,
/// never the document's content, nor its id: that may be the hash of an address.
#[derive(Clone)]
pub struct CosmosFailure {
    what: String,
    cause: String,
    status: Option<CosmosStatus>,
    retry_after: Option<Duration>,
}

impl CosmosFailure {
    pub(super) fn new(what: String, error: &CosmosError) -> Self {
        let status = error.status();
        let passing = status.is_throttled() || status.is_transient() || status.is_timeout();
        Self {
            what,
            cause: cause(&status, error),
            status: Some(status),
            retry_after: passing.then_some(RETRY_LATER),
        }
    }

    /// An answer that did not come, of the operation `what`; for models of what may go wrong.
    #[must_use]
    pub fn no_answer(what: impl Into<String>) -> Self {
        let cause = "no answer".to_owned();
        Self { what: what.into(), cause, status: None, retry_after: Some(RETRY_LATER) }
    }

    pub(super) fn too_late(what: String, deadline: Duration) -> Self {
        let cause = format!("no answer within {} s", deadline.as_secs());
        Self { what, cause, status: None, retry_after: Some(RETRY_LATER) }
    }

    pub(super) fn unusable(what: &str, cause: String) -> Self {
        Self { what: what.to_owned(), cause, status: None, retry_after: None }
    }

    pub(super) fn no_etag(what: String) -> Self {
        let cause = "the answer has no ETag".into();
        Self { what, cause, status: None, retry_after: None }
    }

    /// When it makes sense to try again; `None` if trying again will not help.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(super) fn is_not_found(&self) -> bool {
        self.status.as_ref().is_some_and(CosmosStatus::is_not_found)
    }

    /// Whether it says only how things are: something is there, or not, or was changed meanwhile.
    pub(super) fn is_expected(&self) -> bool {
        self.status.as_ref().is_some_and(|status| {
            status.is_conflict() || status.is_precondition_failed() || status.is_not_found()
        })
    }

    pub(super) fn into_write_error(self) -> WriteError {
        if self.is_expected() { WriteError::Conflict } else { WriteError::Failed(self) }
    }
}

/// What the log gets. Of an answer that is not the document we expected only that: the text would quote it.
fn cause(status: &CosmosStatus, error: &CosmosError) -> String {
    if status.sub_status() == Some(SubStatusCode::from(UNEXPECTED_SHAPE)) {
        return "the stored document does not have the shape this version expects".to_owned();
    }
    let mut text = error.to_string();
    // A document's place ends in its id, which somebody may have chosen.
    if let Some(at) = text.find(IDS) {
        text.truncate(at);
    }
    text.chars().take(MAX_CAUSE_CHARS).collect()
}

impl fmt::Display for CosmosFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.cause)
    }
}

impl fmt::Debug for CosmosFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CosmosFailure {}
