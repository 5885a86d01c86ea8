//! What others are told of an account: two facts, each once.

/// A fact about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountFact {
    Activated,
    Deactivated,
}
