use azure_core::{Error, error::ErrorKind, http::StatusCode};
use futures::future::BoxFuture;
use std::{fmt, future::Future, time::Duration};

/// When clients should try again. The SDK has tried again itself by the time we hear of it.
const RETRY_LATER: Duration = Duration::from_secs(5);
/// Most characters of an SDK error that are kept for the log.
const MAX_CAUSE_CHARS: usize = 400;

/// Blob or Queue Storage did not do what we asked. The text names the operation and the blob or queue, never
/// content, and no signature.
#[derive(Clone)]
pub struct StorageFailure {
    what: String,
    cause: String,
    kind: Kind,
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
        let (kind, cause) = match error.kind() {
            ErrorKind::HttpResponse { status, error_code, .. } => {
                let code = error_code.as_deref().unwrap_or("no error code");
                (kind(code), format!("{} {code}", u16::from(*status)))
            }
            _ => (Kind::Other, unsigned(&error.to_string())),
        };
        Self { what, cause, kind, retry_after: is_passing(error).then_some(RETRY_LATER) }
    }

    pub(super) fn unusable(what: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { what: what.into(), cause: cause.into(), kind: Kind::Other, retry_after: None }
    }

    pub(super) fn too_large(what: String, bytes: u64, most_bytes: usize) -> Self {
        let cause = format!("{bytes} bytes are more than the {most_bytes} that are allowed");
        Self { what, cause, kind: Kind::TooLarge, retry_after: None }
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

/// The SDK's futures are large: boxed, so that functions stay small.
pub(super) fn within<'a, T: 'a>(
    deadline: Duration,
    what: impl Fn() -> String + Send + 'a,
    call: impl Future<Output = azure_core::Result<T>> + Send + 'a,
) -> BoxFuture<'a, Result<T, StorageFailure>> {
    Box::pin(async move {
        match tokio::time::timeout(deadline, call).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(StorageFailure::new(what(), &error)),
            Err(_) => Err(StorageFailure {
                what: what(),
                cause: format!("no answer within {} s", deadline.as_secs()),
                kind: Kind::Other,
                retry_after: Some(RETRY_LATER),
            }),
        }
    })
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

    #[tokio::test]
    async fn no_answer_in_time_is_a_failure() {
        let late = within(
            Duration::ZERO,
            || "asking".to_owned(),
            std::future::pending::<azure_core::Result<()>>(),
        );
        assert_eq!(late.await.unwrap_err().to_string(), "asking: no answer within 0 s");
    }
}
