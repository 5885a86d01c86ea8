//! How much a namespace holds.
//! <https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas>

/// Versions of all schemas together: the Standard tier's. A trial takes one for good, there as here.
pub(super) const VERSIONS: usize = 25;
/// Groups: Premium's. The Standard tier has one besides its default, which would be too few for several tests at once.
pub(super) const GROUPS: usize = 100;
/// Bytes of all versions together (Standard).
pub(super) const ALL_BYTES: usize = 25 << 20;
/// Bytes of one version.
pub(super) const SCHEMA_BYTES: usize = 1 << 20;
/// Properties of a group, and the bytes of their names and values.
pub(super) const PROPERTIES: usize = 1_024;
pub(super) const PROPERTY_NAME_BYTES: usize = 256;
pub(super) const PROPERTY_VALUE_BYTES: usize = 1_024;
/// Characters of the names of groups and schemas.
pub(super) const GROUP_NAME: usize = 50;
pub(super) const SCHEMA_NAME: usize = 100;
