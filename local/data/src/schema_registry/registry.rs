//! All groups of the namespace.

use std::{
    collections::BTreeMap,
    sync::{RwLock, RwLockReadGuard},
};

use super::{
    group::{Group, Wanted},
    kind::SchemaType,
    quotas::{GROUP_NAME, GROUPS, SCHEMA_NAME},
    record::{self, Groups, Schemas, Version},
    refusal::Refusal,
};
use crate::{
    Clock, Error,
    database::Kept,
    persistence::{Change, Persistence},
};

/// The registry.
#[derive(Debug)]
pub(crate) struct SchemaRegistry {
    pub(super) groups: RwLock<Groups>,
    pub(super) persistence: Persistence,
    clock: Clock,
}

/// A version, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) group: String,
    pub(super) schema: String,
    pub(super) schema_type: SchemaType,
    /// From 1.
    pub(super) number: u32,
    pub(super) version: Version,
}

/// Whether something is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    New,
    Known,
}

pub(super) const UNPOISONED: &str = "no code panics while it holds the groups";

impl SchemaRegistry {
    /// With what `kept` holds of it.
    pub(crate) fn open(kept: Option<&Kept>, clock: Clock) -> Result<Self, Error> {
        let persistence = Persistence::open(kept, "schema-registry")?;
        let groups = RwLock::new(record::read(&persistence)?);
        Ok(Self { groups, persistence, clock })
    }

    /// Makes a group, or changes what an earlier one says of itself. How its schemas are written stays.
    pub(super) fn put_group(&self, name: &str, wanted: Wanted) -> Result<(Made, Group), Refusal> {
        check_name("group", name, GROUP_NAME)?;
        let mut groups = self.groups.write().expect(UNPOISONED);
        let earlier = groups.get(name);
        if earlier.is_none() && groups.len() >= GROUPS {
            return Err(Refusal::Quota(format!(
                "the namespace has {GROUPS} schema groups, the most there can be"
            )));
        }
        if let Some(Schemas { group, .. }) = earlier
            && group.schema_type != wanted.schema_type
        {
            let there = group.schema_type;
            return Err(Refusal::Conflict(format!(
                "schemaType: the schemas of the group {name} are {there}; make another group for another kind"
            )));
        }
        let made = if earlier.is_some() { Made::Known } else { Made::New };
        let group = wanted.made(earlier.map(|earlier| &earlier.group), self.clock.now());
        let mut change = self.persistence.change();
        record::put_group(&mut change, name, &group);
        keep(change)?;
        let versions = groups.remove(name).map_or_else(BTreeMap::new, |earlier| earlier.versions);
        groups.insert(name.to_owned(), Schemas { group: group.clone(), versions });
        Ok((made, group))
    }

    /// The names of all groups.
    pub(super) fn names(&self) -> Vec<String> {
        self.read().keys().cloned().collect()
    }

    /// A group.
    pub(super) fn group(&self, name: &str) -> Result<Group, Refusal> {
        Ok(self.read().get(name).ok_or_else(|| no_group(name))?.group.clone())
    }

    /// The numbers of a schema's versions.
    pub(super) fn numbers(&self, group: &str, schema: &str) -> Result<Vec<u32>, Refusal> {
        let groups = self.read();
        Ok((1..).zip(versions(&groups, group, schema)?).map(|(number, _)| number).collect())
    }

    /// A version by its number.
    pub(super) fn by_number(
        &self,
        group: &str,
        schema: &str,
        number: &str,
    ) -> Result<Found, Refusal> {
        let all = self.all_of(group, schema)?;
        let found = all.into_iter().find(|found| found.number.to_string() == number);
        let (group, schema, version) = (group.to_owned(), schema.to_owned(), number.to_owned());
        found.ok_or(Refusal::NoVersion { group, schema, version })
    }

    /// The version with that content.
    pub(super) fn by_content(
        &self,
        group: &str,
        schema: &str,
        text: &str,
    ) -> Result<Found, Refusal> {
        let all = self.all_of(group, schema)?;
        let is_it = |found: &Found| found.schema_type.is_same(&found.version.text, text);
        let (group, schema) = (group.to_owned(), schema.to_owned());
        all.into_iter().find(is_it).ok_or(Refusal::NotRegistered { group, schema })
    }

    /// The version with that id.
    pub(super) fn by_id(&self, id: &str) -> Result<Found, Refusal> {
        let groups = self.read();
        let schemas = groups.iter().flat_map(|(name, schemas)| {
            schemas.versions.keys().map(move |schema| (name.as_str(), schema.as_str()))
        });
        let mut all = schemas.flat_map(|(group, schema)| found(&groups, group, schema));
        all.find(|found| found.version.id == id).ok_or_else(|| Refusal::NoId(id.to_owned()))
    }

    fn all_of(&self, group: &str, schema: &str) -> Result<Vec<Found>, Refusal> {
        let groups = self.read();
        versions(&groups, group, schema)?;
        Ok(found(&groups, group, schema))
    }

    fn read(&self) -> RwLockReadGuard<'_, Groups> {
        self.groups.read().expect(UNPOISONED)
    }
}

/// The versions of a schema, which is there.
fn versions<'a>(groups: &'a Groups, group: &str, schema: &str) -> Result<&'a [Version], Refusal> {
    let schemas = groups.get(group).ok_or_else(|| no_group(group))?;
    let (group, name) = (group.to_owned(), schema.to_owned());
    let versions = schemas.versions.get(schema);
    Ok(versions.ok_or(Refusal::NoSchema { group, schema: name })?.as_slice())
}

/// The versions of a schema with all that is said of them.
pub(super) fn found(groups: &Groups, group: &str, schema: &str) -> Vec<Found> {
    let Some(schemas) = groups.get(group) else { return Vec::new() };
    let versions = schemas.versions.get(schema).into_iter().flatten();
    let found = |(number, version): (u32, &Version)| Found {
        group: group.to_owned(),
        schema: schema.to_owned(),
        schema_type: schemas.group.schema_type,
        number,
        version: version.clone(),
    };
    (1..).zip(versions).map(found).collect()
}

pub(super) fn no_group(name: &str) -> Refusal {
    Refusal::NoGroup(name.to_owned())
}

/// Letters, digits and what is no part of a path, with a letter or a digit first.
pub(super) fn check_name(kind: &str, name: &str, most: usize) -> Result<(), Refusal> {
    let begins = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    let is_part = |c: char| !matches!(c, '\\' | '/' | '$' | ':') && !c.is_control();
    if begins && name.chars().all(is_part) && name.chars().count() <= most {
        return Ok(());
    }
    Err(Refusal::Malformed(format!(
        "{name:?} is no name of a {kind}: begin with a letter or a digit, leave out \\ / $ and :, and write at most {most}"
    )))
}

pub(super) fn keep(change: Change<'_>) -> Result<(), Refusal> {
    change.commit().map_err(|error| {
        tracing::error!(%error, "keeping a schema");
        Refusal::Internal(format!("keeping a schema: {error}"))
    })
}

/// Where a schema may be registered.
pub(super) fn check_schema_name(name: &str) -> Result<(), Refusal> {
    check_name("schema", name, SCHEMA_NAME)
}
