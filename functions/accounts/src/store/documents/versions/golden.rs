//! Documents of every form that was ever written, as they lie in `tests/golden/v<N>/<kind>[-what].json`.

use super::{TODAY, UPCASTS, upcast};
use crate::store::documents::{Kind, in_todays_form};
use pretty_assertions::assert_eq;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The hashes of all golden documents, as `sha256sum` writes and checks them.
const HASHES: &str = "SHA256SUMS";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Text of the documents of one form, by their names.
fn texts(version: u32) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder().join(format!("v{version}"))).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    paths.map(named).collect()
}

fn documents(version: u32) -> BTreeMap<String, Value> {
    let read = |(name, text): (String, String)| (name, serde_json::from_str(&text).unwrap());
    texts(version).into_iter().map(read).collect()
}

#[test]
fn every_kind_has_a_golden_document_in_every_form_since_it_exists() {
    for version in 1..=TODAY {
        let documents = documents(version);
        let there: BTreeSet<&str> =
            documents.values().map(|document| document["kind"].as_str().unwrap()).collect();
        for (kind, since) in Kind::ALL {
            let name = json!(kind);
            let is_there = there.contains(name.as_str().unwrap());
            assert_eq!(is_there, since <= version, "tests/golden/v{version} and the kind {name}");
        }
        assert!(documents.values().all(|document| document["schemaVersion"] == version));
    }
}

#[test]
fn a_golden_document_is_never_changed() {
    let mut hashes = String::new();
    for version in 1..=TODAY {
        for (name, text) in texts(version) {
            let hash = digest(&SHA256, text.as_bytes());
            let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            hashes += &format!("{hex}  v{version}/{name}\n");
        }
    }
    let kept = fs::read_to_string(folder().join(HASHES)).unwrap_or_default();
    assert_eq!(kept, hashes, "a new golden document gets its line, and no line ever changes");
}

#[test]
fn a_document_of_an_older_form_means_the_same_in_the_next_one() {
    for version in 1..TODAY {
        let next = documents(version + 1);
        for (name, mut document) in documents(version) {
            UPCASTS[version as usize - 1](document.as_object_mut().unwrap());
            document["schemaVersion"] = json!(version + 1);
            assert_eq!(document, next[&name], "v{version}/{name}");
        }
    }
}

#[test]
fn what_is_read_and_written_back_says_what_it_said() {
    for version in 1..=TODAY {
        for (name, mut document) in documents(version) {
            let today = upcast(document.clone()).unwrap();
            let written = in_todays_form(&document).unwrap_or_else(|why| panic!("{name}: {why}"));
            for (member, value) in today.as_object().unwrap() {
                assert_eq!(&written[member], value, "v{version}/{name}: {member}");
            }
            // What nobody knows, and null for what may be missing, are in nobody's way.
            document["unheardOf"] = json!({"a": [1]});
            document["merchant"] = document.get("merchant").cloned().unwrap_or_default();
            assert_eq!(in_todays_form(&document), Ok(written), "v{version}/{name}");
        }
    }
}
