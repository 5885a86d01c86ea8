//! Who reads which partition, and how far: empty blobs with metadata, named as the SDKs' own processors name them, so that
//! tools for Azure see the same here.

use jiff::Timestamp;
use local_data::{HubEvent, Position};
use serde_json::{Map, Value};

use crate::triggers::wire::{BlobService, Condition, EventHub, WireError};

/// The container, in the host's own storage.
const CONTAINER: &str = "azure-webjobs-eventhub";
const OWNER: &str = "x-ms-meta-ownerid";
const OFFSET: &str = "x-ms-meta-offset";
const SEQUENCE_NUMBER: &str = "x-ms-meta-sequencenumber";
const CLIENT: &str = "x-ms-meta-clientidentifier";

/// The blobs of one hub and consumer group.
#[derive(Clone, Debug)]
pub(super) struct OwnershipStore {
    blobs: BlobService,
    prefix: String,
    owner: String,
}

/// Who reads a partition, as it was when it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ownership {
    /// Empty when it was given back.
    pub(super) owner: String,
    modified: Option<Timestamp>,
    /// `None` where nobody ever read the partition.
    version: Option<String>,
}

impl Ownership {
    /// Who holds it: nobody whose word is older than `expiration` does.
    pub(super) fn holder(&self, now: Timestamp, expiration: std::time::Duration) -> Option<&str> {
        let is_fresh = self.modified.is_some_and(|modified| modified + expiration > now);
        Some(self.owner.as_str()).filter(|owner| !owner.is_empty() && is_fresh)
    }
}

impl OwnershipStore {
    /// For this hub and group; `owner` is what this instance is called.
    pub(super) fn new(blobs: BlobService, hub: &EventHub, group: &str, owner: &str) -> Self {
        let prefix = format!("{}/{}/{group}", hub.namespace(), hub.name()).to_lowercase();
        Self { blobs, prefix, owner: owner.to_owned() }
    }

    pub(super) fn owner(&self) -> &str {
        &self.owner
    }

    /// Who reads the partition.
    pub(super) async fn look(&self, partition: &str) -> Result<Ownership, WireError> {
        let name = format!("{}/ownership/{partition}", self.prefix);
        let Some(blob) = self.blobs.read(CONTAINER, &name).await? else {
            return Ok(Ownership::default());
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Ok(Ownership {
            owner: text_of(&blob.metadata, OWNER).unwrap_or_default(),
            modified: text(&blob.properties["LastModified"]).and_then(|text| text.parse().ok()),
            version: text(&blob.properties["ETag"]),
        })
    }

    /// Takes or keeps the partition, unless somebody did since it was looked at: then `None`.
    pub(super) async fn claim(
        &self,
        partition: &str,
        seen: &Ownership,
    ) -> Result<Option<Ownership>, WireError> {
        self.write(partition, seen, &self.owner).await
    }

    /// Gives the partition back.
    pub(super) async fn give_back(
        &self,
        partition: &str,
        seen: &Ownership,
    ) -> Result<(), WireError> {
        self.write(partition, seen, "").await.map(|_| ())
    }

    async fn write(
        &self,
        partition: &str,
        seen: &Ownership,
        owner: &str,
    ) -> Result<Option<Ownership>, WireError> {
        let name = format!("{}/ownership/{partition}", self.prefix);
        let when = seen.version.as_deref().map_or(Condition::IfNew, Condition::IfMatch);
        let metadata = [(OWNER, owner.to_owned())];
        let version = self.blobs.put_marker(CONTAINER, &name, &metadata, when).await?;
        Ok(version.map(|version| Ownership {
            owner: owner.to_owned(),
            version: Some(version),
            ..seen.clone()
        }))
    }

    /// Where the partition is read on; `None` where nobody has read it.
    pub(super) async fn checkpoint(&self, partition: &str) -> Result<Option<Position>, WireError> {
        let name = format!("{}/checkpoint/{partition}", self.prefix);
        let Some(blob) = self.blobs.read(CONTAINER, &name).await? else { return Ok(None) };
        let number = |name| text_of(&blob.metadata, name).and_then(|text| text.parse::<i64>().ok());
        let after = number(SEQUENCE_NUMBER).map(|last| Position::Sequence(last + 1));
        Ok(after.or_else(|| number(OFFSET).map(Position::AfterOffset)))
    }

    /// Says that the partition was read up to this event.
    pub(super) async fn write_checkpoint(
        &self,
        partition: &str,
        event: &HubEvent,
    ) -> Result<(), WireError> {
        let name = format!("{}/checkpoint/{partition}", self.prefix);
        let metadata = [
            (OFFSET, event.offset.to_string()),
            (SEQUENCE_NUMBER, event.sequence_number.to_string()),
            (CLIENT, self.owner.clone()),
        ];
        self.blobs.put_marker(CONTAINER, &name, &metadata, Condition::Always).await.map(|_| ())
    }
}

fn text_of(metadata: &Map<String, Value>, header: &str) -> Option<String> {
    let name = header.strip_prefix("x-ms-meta-").unwrap_or(header);
    metadata.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn whoever_has_not_been_heard_of_for_long_or_gave_back_holds_nothing() {
        let modified: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let holder = |owner: &str, seconds: i64| {
            let ownership =
                Ownership { owner: owner.into(), modified: Some(modified), version: None };
            let now = modified + jiff::SignedDuration::from_secs(seconds);
            ownership.holder(now, Duration::from_secs(120)).map(str::to_owned)
        };
        assert_eq!(holder("a", 119).as_deref(), Some("a"));
        assert_eq!(holder("a", 120), None);
        assert_eq!(holder("", 0), None);
        assert_eq!(Ownership::default().holder(modified, Duration::from_secs(120)), None);
    }
}
