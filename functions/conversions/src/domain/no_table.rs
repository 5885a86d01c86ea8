//! Files that are no table of sales.

/// Most rows of a file.
pub(crate) const MAX_ROWS: usize = 10_000;

/// Why a file is no table of sales at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoTable {
    #[error(
        "the first line must name the columns serviceId, soldAt, and leadId or contactId or both; it lacks {0}"
    )]
    Lacks(&'static str),
    #[error("the first line names the column {0} twice")]
    Twice(&'static str),
    #[error("the first line is no text in UTF-8")]
    NoText,
    #[error("the file has more than {MAX_ROWS} rows: make several of it")]
    TooManyRows,
}
