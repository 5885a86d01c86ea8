//! Who sent something: the service, and the library within it.

use serde::Serialize;

use super::Attributes;

/// What a program that names itself not at all is called (OpenTelemetry's own words).
pub(crate) const UNKNOWN: &str = "unknown_service";

/// The service that sent something, and the library in it that made it; shared by all that came together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Origin {
    /// `service.name`.
    pub(crate) service: String,
    /// What the service says of itself.
    pub(crate) resource: Attributes,
    /// The instrumentation scope.
    pub(crate) scope: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) scope_version: String,
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub(crate) scope_attributes: Attributes,
}

impl Origin {
    /// A service with these attributes; which library follows.
    pub(crate) fn of(resource: Attributes) -> Self {
        let service = resource.get("service.name").and_then(|name| name.as_str());
        let service = service.filter(|name| !name.is_empty()).unwrap_or(UNKNOWN).to_owned();
        Self { service, resource, ..Self::default() }
    }
}
