use azure_core::{Error, error::ErrorKind, http::StatusCode};
use std::{fmt, time::Duration};

/// When clients should try again. The SDK has tried again itself by the time we hear of it.
const RETRY_LATER: Duration = Duration::from_secs(5);
/// Most characters of an SDK error that are kept for the log.
const MAX_CAUSE_CHARS: usize = 400;

/// Blob or Queue Storage did not do what we asked. The text names the operation and the container or queue,
/// never a blob, which somebody may have named, nor content, nor a signature.
#[derive(Clone)]
pub struct StorageFailure {
    what: String,
    cause: String,
    kind: Kind,
    status: Option<u16>,
    retry_after: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    BlobMissing,
    ContainerMissing,
    BlobExists,
    CopyPending,
    NoCopyPending,
    TooLarge,
    MessageMissing,
    Other,
}

/// Why a blob was not created.
#[derive(Debug, thiserror::Error)]
pub enum BlobRefusal {
    /// A blob of that name is there already. It may be our own: an earlier try whose answer was lost.
    #[error("a blob of that name exists")]
    Exists,
    /// Storage did not do it; nothing is known about the blob.
    #[error(transparent)]
    Failed(#[from] StorageFailure),
}

impl StorageFailure {
    pub(super) fn new(what: String, error: &Error) -> Self {
        let (kind, status, cause) = match error.kind() {
            ErrorKind::HttpResponse { status, error_code, .. } => {
                let (code, status) =
                    (error_code.as_deref().unwrap_or("no error code"), u16::from(*status));
                (kind(code), Some(status), format!("{status} {code}"))
            }
            _ => (Kind::Other, None, unsigned(&error.to_string())),
        };
        let retry_after = is_passing(error).then_some(RETRY_LATER);
        Self { what, cause, kind, status, retry_after }
    }

    pub(super) fn unusable(what: impl Into<String>, cause: impl Into<String>) -> Self {
        let (what, cause) = (what.into(), cause.into());
        Self { what, cause, kind: Kind::Other, status: None, retry_after: None }
    }

    pub(super) fn too_large(what: String, bytes: u64, most_bytes: usize) -> Self {
        let cause = format!("{bytes} bytes are more than the {most_bytes} that are allowed");
        Self { what, cause, kind: Kind::TooLarge, status: None, retry_after: None }
    }

    pub(super) fn too_late(what: String, deadline: Duration) -> Self {
        let cause = format!("no answer within {} s", deadline.as_secs());
        let retry_after = Some(RETRY_LATER);
        Self { what, cause, kind: Kind::Other, status: None, retry_after }
    }

    /// The status of the answer, if there was one.
    pub(super) fn status(&self) -> Option<u16> {
        self.status
    }

    /// Whether it says only how things are: something is there, or not.
    pub(super) fn is_expected(&self) -> bool {
        !matches!(self.kind, Kind::ContainerMissing | Kind::TooLarge | Kind::Other)
    }

    /// When it makes sense to try again; `None` if trying again will not help.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the blob or message is larger than was allowed; nothing else is wrong.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.kind == Kind::TooLarge
    }

    /// Whether there is no such container.
    #[must_use]
    pub fn is_container_missing(&self) -> bool {
        self.kind == Kind::ContainerMissing
    }

    pub(super) fn is_blob_missing(&self) -> bool {
        self.kind == Kind::BlobMissing
    }

    pub(super) fn is_message_missing(&self) -> bool {
        self.kind == Kind::MessageMissing
    }

    pub(super) fn is_copy_pending(&self) -> bool {
        self.kind == Kind::CopyPending
    }

    pub(super) fn is_no_copy_pending(&self) -> bool {
        self.kind == Kind::NoCopyPending
    }

    pub(super) fn into_refusal(self) -> BlobRefusal {
        if self.kind == Kind::BlobExists { BlobRefusal::Exists } else { BlobRefusal::Failed(self) }
    }
}

/// Source: "Blob service error codes" of the REST reference. A container that is missing is no missing blob: it
/// means that the app's resources were not created.
fn kind(code: &str) -> Kind {
    match code {
        "BlobNotFound" => Kind::BlobMissing,
        "ContainerNotFound" => Kind::ContainerMissing,
        // Where blobs are kept as they are, one that is there may be refused for that reason first.
        "BlobAlreadyExists" | "BlobImmutableDueToPolicy" => Kind::BlobExists,
        "PendingCopyOperation" => Kind::CopyPending,
        "NoPendingCopyOperation" => Kind::NoCopyPending,
        "MessageNotFound" => Kind::MessageMissing,
        _ => Kind::Other,
    }
}

fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::HttpResponse { status, .. } => {
            matches!(status, StatusCode::RequestTimeout | StatusCode::TooManyRequests)
                || status.is_server_error()
        }
        ErrorKind::Io | ErrorKind::Connection => true,
        _ => false,
    }
}

/// The text of an error about a URL, cut where its query starts.
fn unsigned(text: &str) -> String {
    let mut signed = false;
    let keep = |character: &char| {
        signed = match character {
            '?' => true,
            ' ' | ')' | '"' => false,
            _ => signed,
        };
        !signed
    };
    text.chars().filter(keep).take(MAX_CAUSE_CHARS).collect()
}

impl fmt::Display for StorageFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.cause)
    }
}

impl fmt::Debug for StorageFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StorageFailure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_in_an_error_s_text_is_cut_out() {
        let text = "error sending request for url (http://127.0.0.1:1/a/b?sv=1&sig=secret) to it";
        let kept = unsigned(text);
        assert_eq!(kept, "error sending request for url (http://127.0.0.1:1/a/b) to it");
    }

    #[tokio::test]
    async fn what_cannot_be_reached_is_worth_another_try() {
        let error = Error::with_message(ErrorKind::Io, "connection refused");
        let failure = StorageFailure::new("reading a from b".to_owned(), &error);
        assert_eq!(failure.to_string(), "reading a from b: connection refused");
        assert!(failure.retry_after().is_some() && !failure.is_too_large());
    }
}
