//! How groups and versions lie in the data directory.
//!
//! | key | value |
//! | --- | --- |
//! | `g/` name | the group, JSON |
//! | `s/` group, 0, schema, 0, number | the version, JSON |
//!
//! Numbers are big-endian, so that versions lie in their order. No name holds the zero byte.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::group::Group;
use crate::{
    Error,
    persistence::{Change, Persistence, from_json, json},
};

const GROUP: &[u8] = b"g/";
const VERSION: &[u8] = b"s/";

/// A version of a schema; its number is its place, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Version {
    /// 32 digits; no other version of any schema has it.
    pub(super) id: String,
    /// The schema.
    pub(super) text: String,
}

/// A group with its schemas by name.
#[derive(Clone, Debug)]
pub(super) struct Schemas {
    pub(super) group: Group,
    pub(super) versions: BTreeMap<String, Vec<Version>>,
}

/// All groups by name.
pub(super) type Groups = BTreeMap<String, Schemas>;

pub(super) fn put_group(change: &mut Change<'_>, name: &str, group: &Group) {
    change.put([GROUP, name.as_bytes()].concat(), || json(group));
}

pub(super) fn put_version(
    change: &mut Change<'_>,
    (group, schema): (&str, &str),
    number: u32,
    version: &Version,
) {
    let key = [VERSION, group.as_bytes(), b"\0", schema.as_bytes(), b"\0", &number.to_be_bytes()];
    change.put(key.concat(), || json(version));
}

/// Reads back what was kept.
pub(super) fn read(persistence: &Persistence) -> Result<Groups, Error> {
    let mut groups = Groups::new();
    persistence.scan(GROUP, |name, value| {
        let name = String::from_utf8(name.to_vec()).map_err(|e| e.to_string())?;
        groups.insert(name, Schemas { group: from_json(value)?, versions: BTreeMap::new() });
        Ok(())
    })?;
    persistence.scan(VERSION, |key, value| {
        let (names, number) = key.split_last_chunk::<4>().ok_or("a key lacks its number")?;
        let names = std::str::from_utf8(names).map_err(|e| e.to_string())?;
        let (group, schema) = names
            .strip_suffix('\0')
            .and_then(|names| names.split_once('\0'))
            .ok_or("a key lacks its names")?;
        let schemas = groups.get_mut(group).ok_or("its group is missing")?;
        let versions = schemas.versions.entry(schema.to_owned()).or_default();
        if usize::try_from(u32::from_be_bytes(*number)) != Ok(versions.len() + 1) {
            return Err("a version before it is missing".to_owned());
        }
        versions.push(from_json(value)?);
        Ok(())
    })?;
    Ok(groups)
}
