//! What is linked into an app: the crates that cargo takes for it on the target, without those that only work while it
//! is built.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use crate::{
    cargo::{self, Metadata, TARGET},
    failure::Failure,
    workspace::{App, Workspace},
};

/// Name and version.
pub(crate) type Id = (String, String);

/// A crate in the binary.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Crate {
    pub(crate) id: Id,
    /// SPDX.
    pub(crate) licence: String,
    pub(crate) description: Option<String>,
    pub(crate) repository: Option<String>,
    /// SHA-256 of what the registry gave; nothing for a crate of ours.
    pub(crate) checksum: Option<String>,
    /// Where its sources are on this machine.
    pub(crate) folder: PathBuf,
    pub(crate) uses: BTreeSet<Id>,
}

/// The crates of an app in the order of their names; the app is one of them. All apps are named to cargo, since they
/// are built together ([`crate::build`]) and what one asks for may be switched on in a crate of another.
pub(crate) fn linked(workspace: &Workspace, app: &App) -> Result<Vec<Crate>, Failure> {
    let mut arguments = vec!["tree", "--locked", "--target", TARGET];
    arguments.extend(["--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", " {p}"]);
    let apps = workspace.apps()?;
    arguments.extend(apps.iter().flat_map(|app| ["--package", app.as_str()]));
    let all = edges(&cargo::ask(workspace, &arguments)?).ok_or_else(|| Failure::CargoAnswer {
        command: arguments.join(" "),
        line: "a tree that is not one".to_owned(),
    })?;
    let uses = reachable(&app.name, &all);
    let lock = workspace.root().join("Cargo.lock");
    let lock =
        fs::read_to_string(&lock).map_err(|source| Failure::file("reading", &lock, source))?;
    let checksums = checksums(&lock);
    let metadata = Metadata::read(workspace)?;
    let packages = metadata.by_id();
    let mut crates = Vec::new();
    for (id, uses) in uses {
        let package =
            packages.get(&(id.0.as_str(), id.1.as_str())).ok_or_else(|| Failure::CargoAnswer {
                command: "metadata".to_owned(),
                line: format!("nothing about {}", id.0),
            })?;
        let licence = package
            .license
            .as_deref()
            .map(spdx)
            .ok_or_else(|| Failure::NoLicence { package: format!("{} {}", id.0, id.1) })?;
        crates.push(Crate {
            licence,
            description: package.description.clone(),
            repository: package.repository.clone(),
            checksum: checksums.get(&id).cloned(),
            folder: package.manifest_path.parent().map(PathBuf::from).unwrap_or_default(),
            uses,
            id,
        });
    }
    Ok(crates)
}

/// Old manifests write `MIT/Apache-2.0`.
fn spdx(licence: &str) -> String {
    licence.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ")
}

/// Who uses whom, from lines such as `2 azure_core v1.1.0 (*)` that begin with a depth. Empty lines part the trees
/// of several apps.
fn edges(tree: &str) -> Option<BTreeMap<Id, BTreeSet<Id>>> {
    let mut edges: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let mut path: Vec<Id> = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let depth: usize = words.next()?.parse().ok()?;
        let id = (words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned());
        if depth > path.len() {
            return None;
        }
        path.truncate(depth);
        if let Some(user) = path.last() {
            edges.entry(user.clone()).or_default().insert(id.clone());
        }
        edges.entry(id.clone()).or_default();
        path.push(id);
    }
    (!edges.is_empty()).then_some(edges)
}

/// What an app stands on, itself included.
fn reachable(app: &str, all: &BTreeMap<Id, BTreeSet<Id>>) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut found = BTreeMap::new();
    let mut next: Vec<&Id> = all.keys().filter(|id| id.0 == app).collect();
    while let Some(id) = next.pop() {
        let uses = all.get(id).cloned().unwrap_or_default();
        next.extend(all.get(id).into_iter().flatten().filter(|id| !found.contains_key(*id)));
        found.insert(id.clone(), uses);
    }
    found
}

/// The checksums in `Cargo.lock`, which cargo writes a line for each.
fn checksums(lock: &str) -> BTreeMap<Id, String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let blocks = lock.split("[[package]]").skip(1);
    let known = |block| {
        Some(((value(block, "name")?, value(block, "version")?), value(block, "checksum")?))
    };
    blocks.filter_map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str, version: &str) -> Id {
        (name.to_owned(), version.to_owned())
    }

    #[test]
    fn the_tree_says_who_uses_whom() {
        let tree = "0 bakery v0.1.0 (/somewhere/bakery)\n1 oven v2.0.0\n2 heat v1.0.0+si\n1 heat v1.0.0+si (*)\n\n\
             0 mill v0.1.0 (/somewhere/mill)\n1 heat v1.0.0+si (*)";
        let edges = edges(tree).unwrap();
        assert_eq!(edges.len(), 4);
        let both = BTreeSet::from([id("heat", "1.0.0+si"), id("oven", "2.0.0")]);
        assert_eq!(edges[&id("bakery", "0.1.0")], both);
        assert_eq!(edges[&id("oven", "2.0.0")], BTreeSet::from([id("heat", "1.0.0+si")]));
    }

    #[test]
    fn what_is_no_tree_is_not_taken_for_one() {
        assert_eq!(edges(""), None);
        assert_eq!(edges("error: no such package"), None);
        assert_eq!(edges("0 bakery v0.1.0\n2 oven v2.0.0"), None);
    }

    #[test]
    fn checksums_are_read_where_there_are_some() {
        let lock = "version = 4\n\n[[package]]\nname = \"bakery\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"oven\"\nversion = \"2.0.0\"\nchecksum = \"ab12\"\n";
        assert_eq!(checksums(lock), BTreeMap::from([(id("oven", "2.0.0"), "ab12".to_owned())]));
    }

    #[test]
    fn old_spellings_of_two_licences_become_spdx() {
        assert_eq!(spdx("MIT/Apache-2.0"), "MIT OR Apache-2.0");
        assert_eq!(spdx("Apache-2.0 WITH LLVM-exception"), "Apache-2.0 WITH LLVM-exception");
    }
}
