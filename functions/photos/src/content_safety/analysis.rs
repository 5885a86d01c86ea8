//! What Content Safety says about a picture.

use crate::domain::Severities;
use outgoing::{Answer, HeaderName};

/// Longest version of a model that is kept.
const MAX_VERSION_BYTES: usize = 64;
const MODEL_VERSION: HeaderName = HeaderName::from_static("x-ms-model-version");

/// The service's answer, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Analysis {
    /// All four categories, each 0, 2, 4 or 6.
    pub(crate) severities: Severities,
    /// For the photo's history: `azure-content-safety/2024-09-01`, followed by the model's version where the service
    /// tells one.
    pub(crate) model: String,
}

/// Azure publishes no version of its model today; the local simulator says by this header that it is none.
pub(super) fn model(api_version: &str, answer: &Answer) -> String {
    let version = answer.header(&MODEL_VERSION);
    match version.filter(|version| !version.is_empty() && version.len() <= MAX_VERSION_BYTES) {
        Some(version) => format!("azure-content-safety/{api_version} {version}"),
        None => format!("azure-content-safety/{api_version}"),
    }
}
