//! A group of schemas, and what its versions have to keep.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schema_compatibility::Mode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    kind::SchemaType,
    quotas::{PROPERTIES, PROPERTY_NAME_BYTES, PROPERTY_VALUE_BYTES},
    refusal::Refusal,
};

/// What a new version has to keep towards the last one. Asked of Avro alone, as in Azure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Compatibility {
    #[default]
    None,
    Backward,
    Forward,
}

impl Compatibility {
    pub(super) fn mode(self) -> Mode {
        match self {
            Self::None => Mode::None,
            Self::Backward => Mode::Backward,
            Self::Forward => Mode::Forward,
        }
    }
}

/// A group as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(alias = "SchemaType")]
    pub(super) schema_type: SchemaType,
    #[serde(default, alias = "SchemaCompatibility")]
    pub(super) schema_compatibility: Compatibility,
    #[serde(default, alias = "GroupProperties")]
    pub(super) group_properties: BTreeMap<String, String>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    pub(super) schema_type: SchemaType,
    pub(super) compatibility: Compatibility,
    /// Free for whoever owns it: team, channel.
    pub(super) properties: BTreeMap<String, String>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) etag: Uuid,
}

impl Wanted {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let wanted: Self = serde_json::from_slice(body)
            .map_err(|error| Refusal::Malformed(format!("the group: {error}")))?;
        let properties = &wanted.group_properties;
        let is_long = |(name, value): &(&String, &String)| {
            name.len() > PROPERTY_NAME_BYTES || value.len() > PROPERTY_VALUE_BYTES
        };
        if properties.len() > PROPERTIES || properties.iter().any(|one| is_long(&one)) {
            return Err(Refusal::Malformed(format!(
                "groupProperties: there are at most {PROPERTIES}, with names of {PROPERTY_NAME_BYTES} and values of \
                 {PROPERTY_VALUE_BYTES} bytes"
            )));
        }
        Ok(wanted)
    }

    /// The group, new or in the place of an earlier one.
    pub(super) fn made(self, earlier: Option<&Group>, now: Timestamp) -> Group {
        Group {
            schema_type: self.schema_type,
            compatibility: self.schema_compatibility,
            properties: self.group_properties,
            created: earlier.map_or(now, |earlier| earlier.created),
            updated: now,
            etag: Uuid::new_v4(),
        }
    }
}

impl Group {
    /// As it is told.
    pub(super) fn to_json(&self, name: &str) -> Value {
        json!({
            "name": name,
            "schemaType": self.schema_type,
            "schemaCompatibility": self.compatibility,
            "groupProperties": self.properties,
            "createdAtUtc": self.created,
            "updatedAtUtc": self.updated,
            "eTag": self.etag,
        })
    }
}
