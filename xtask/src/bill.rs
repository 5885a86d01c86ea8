//! The bill of materials: CycloneDX 1.6 (<https://cyclonedx.org/docs/1.6/json/>), the same for the same package. It has
//! no time and no serial number: two builds of one commit are one bill.

use serde_json::{Value, json};

use crate::linked::{Crate, Id};

/// What stands in every binary and is no crate.
pub(crate) const TOOLCHAIN: [(&str, &str, &str); 2] = [
    ("rust-std", "MIT OR Apache-2.0", "https://github.com/rust-lang/rust"),
    ("musl", "MIT", "https://musl.libc.org"),
];

/// The bill of an app's package. `zip_sha256` is of the zip; `rust` the version of the compiler.
pub(crate) fn bill(app: &str, zip_sha256: &str, rust: &str, crates: &[Crate]) -> Value {
    let version = crates.iter().find(|one| one.id.0 == app).map_or("0", |own| own.id.1.as_str());
    let ours = |one: &&Crate| one.id.0 == app;
    let mut components: Vec<Value> =
        crates.iter().filter(|one| !ours(one)).map(component).collect();
    components.extend(TOOLCHAIN.map(|(name, licence, home)| {
        json!({
            "type": "library",
            "bom-ref": name,
            "name": name,
            "version": format!("of Rust {rust}"),
            "licenses": [{ "expression": licence }],
            "externalReferences": [{ "type": "vcs", "url": home }],
        })
    }));
    let edges = crates.iter().map(|one| {
        let on: Vec<String> = one.uses.iter().map(|id| reference(id, crates)).collect();
        json!({ "ref": reference(&one.id, crates), "dependsOn": on })
    });
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "application",
            "bom-ref": reference(&(app.to_owned(), version.to_owned()), crates),
            "name": app,
            "version": version,
            "hashes": [{ "alg": "SHA-256", "content": zip_sha256 }],
        } },
        "components": components,
        "dependencies": edges.collect::<Vec<_>>(),
    })
}

fn component(one: &Crate) -> Value {
    let (name, version) = &one.id;
    let mut value = json!({
        "type": "library",
        "bom-ref": reference_of(one),
        "name": name,
        "version": version,
        "licenses": [{ "expression": one.licence }],
    });
    if let Some(description) = &one.description {
        value["description"] = json!(description.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if let Some(checksum) = &one.checksum {
        value["purl"] = json!(reference_of(one));
        value["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &one.repository {
        value["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    value
}

fn reference(id: &Id, crates: &[Crate]) -> String {
    crates.iter().find(|one| one.id == *id).map_or_else(|| id.0.clone(), reference_of)
}

/// A package URL for what a registry has; our own crates are in none.
fn reference_of(one: &Crate) -> String {
    let (name, version) = &one.id;
    match one.checksum {
        Some(_) => format!("pkg:cargo/{name}@{}", version.replace('+', "%2B")),
        None => format!("{name}@{version}"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{collections::BTreeSet, path::PathBuf};

    use pretty_assertions::assert_eq;

    use super::*;

    fn id(name: &str, version: &str) -> Id {
        (name.to_owned(), version.to_owned())
    }

    pub(crate) fn crates() -> Vec<Crate> {
        let one = |name, version, checksum: Option<&str>, uses| Crate {
            id: id(name, version),
            licence: "MIT".to_owned(),
            description: Some("Warm\n and dry".to_owned()),
            repository: None,
            checksum: checksum.map(str::to_owned),
            folder: PathBuf::from("/on/this/machine"),
            uses,
        };
        let heat = one("heat", "1.0.0+si", Some("ab12"), BTreeSet::new());
        vec![one("bakery", "0.1.0", None, BTreeSet::from([heat.id.clone()])), heat]
    }

    #[test]
    fn a_bill_names_every_crate_with_its_checksum_and_who_uses_it() {
        let bill = bill("bakery", "cd34", "1.95.0", &crates());
        assert_eq!(bill["metadata"]["component"]["hashes"][0]["content"], "cd34");
        let names: Vec<_> =
            bill["components"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
        assert_eq!(names, ["heat", "rust-std", "musl"]);
        let expected = json!({
            "type": "library",
            "bom-ref": "pkg:cargo/heat@1.0.0%2Bsi",
            "name": "heat",
            "version": "1.0.0+si",
            "description": "Warm and dry",
            "purl": "pkg:cargo/heat@1.0.0%2Bsi",
            "hashes": [{ "alg": "SHA-256", "content": "ab12" }],
            "licenses": [{ "expression": "MIT" }],
        });
        assert_eq!(bill["components"][0], expected);
        assert_eq!(
            bill["dependencies"][0],
            json!({ "ref": "bakery@0.1.0", "dependsOn": ["pkg:cargo/heat@1.0.0%2Bsi"] })
        );
    }

    #[test]
    fn a_bill_tells_nothing_of_the_machine() {
        assert!(!bill("bakery", "cd34", "1.95.0", &crates()).to_string().contains("/on/this"));
    }
}
