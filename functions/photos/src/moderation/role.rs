//! Who moderates.

/// The app role in Entra ID that may see what is not approved.
pub(crate) const ROLE: &str = "Moderator";
