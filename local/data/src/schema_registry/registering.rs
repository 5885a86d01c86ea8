//! Registering a version.

use schema_compatibility::{Schema, check};
use uuid::Uuid;

use super::{
    group::Group,
    kind::SchemaType,
    quotas::{ALL_BYTES, SCHEMA_BYTES, VERSIONS},
    record::{self, Groups, Version},
    refusal::Refusal,
    registry::{Found, SchemaRegistry, UNPOISONED, check_schema_name, found, keep, no_group},
};

impl SchemaRegistry {
    /// The version with this content: the one that is there, or a new one that fits the last.
    pub(super) fn register(
        &self,
        (group, schema): (&str, &str),
        sent: SchemaType,
        text: String,
    ) -> Result<Found, Refusal> {
        check_schema_name(schema)?;
        if text.len() > SCHEMA_BYTES {
            return Err(Refusal::TooLarge(text.len()));
        }
        let mut groups = self.groups.write().expect(UNPOISONED);
        let about = groups.get(group).ok_or_else(|| no_group(group))?.group.clone();
        let expected = about.schema_type;
        if sent != expected {
            return Err(Refusal::AnotherType { group: group.to_owned(), expected, sent });
        }
        let earlier = found(&groups, group, schema);
        if let Some(same) = earlier.iter().find(|one| sent.is_same(&one.version.text, &text)) {
            return Ok(same.clone());
        }
        check_fit(&about, &earlier, &text)?;
        check_room(&groups, text.len())?;
        let number = u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(1);
        let version = Version { id: Uuid::new_v4().simple().to_string(), text };
        let mut change = self.persistence.change();
        record::put_version(&mut change, (group, schema), number, &version);
        keep(change)?;
        let schemas = groups.get_mut(group).ok_or_else(|| no_group(group))?;
        schemas.versions.entry(schema.to_owned()).or_default().push(version.clone());
        let (group, schema) = (group.to_owned(), schema.to_owned());
        Ok(Found { group, schema, schema_type: sent, number, version })
    }
}

/// Whether it is a schema, and fits the last version as the group asks.
fn check_fit(group: &Group, earlier: &[Found], text: &str) -> Result<(), Refusal> {
    match group.schema_type {
        SchemaType::Avro => {
            let new = Schema::avro(&format!("version {}", earlier.len() + 1), text)?;
            let Some(last) = earlier.last() else { return Ok(()) };
            let old = Schema::avro(&format!("version {}", last.number), &last.version.text)?;
            let findings = check(group.compatibility.mode(), &old, &new);
            if findings.is_empty() { Ok(()) } else { Err(Refusal::Incompatible(findings)) }
        }
        SchemaType::Json => serde_json::from_str(text)
            .map(|_: serde_json::Value| ())
            .map_err(|error| Refusal::Malformed(format!("the schema is no JSON: {error}"))),
        SchemaType::Protobuf | SchemaType::Custom => Ok(()),
    }
}

fn check_room(groups: &Groups, bytes: usize) -> Result<(), Refusal> {
    let all = || groups.values().flat_map(|schemas| schemas.versions.values().flatten());
    if all().count() >= VERSIONS {
        return Err(Refusal::Full);
    }
    if all().map(|version| version.text.len()).sum::<usize>() + bytes > ALL_BYTES {
        return Err(Refusal::Quota(format!(
            "the schemas of the namespace would have more than {ALL_BYTES} bytes, the most of the Standard tier"
        )));
    }
    Ok(())
}
