//! What Content Safety says about a picture.

use crate::domain::Severities;
use reqwest::header::HeaderMap;

/// Longest version of a model that is kept.
const MAX_VERSION_BYTES: usize = 64;

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
pub(super) fn model(api_version: &str, headers: &HeaderMap) -> String {
    let version = headers.get("x-ms-model-version").and_then(|version| version.to_str().ok());
    match version.filter(|version| !version.is_empty() && version.len() <= MAX_VERSION_BYTES) {
        Some(version) => format!("azure-content-safety/{api_version} {version}"),
        None => format!("azure-content-safety/{api_version}"),
    }
}
