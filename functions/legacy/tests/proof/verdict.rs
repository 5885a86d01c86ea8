//! Every profile held against the mainframe's record, and against what was acknowledged.

use crate::{customers::Book, watcher};
use app_tests::proof::Addresses;
use reqwest::Method;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Queues in which nothing may be left.
const QUEUES: [&str; 4] =
    ["legacy-outbox", "legacy-inbox", "legacy-outbox-poison", "legacy-inbox-poison"];

/// What was found when all was well.
pub(crate) struct Found {
    living: usize,
    erased: usize,
    revisions: u64,
    letters: usize,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { living, erased, revisions, letters } = self;
        write!(
            f,
            "{living} profiles living and {erased} erased with {revisions} revisions, {letters} dead letters"
        )
    }
}

/// All that is kept about profiles, by id.
struct Everything {
    documents: BTreeMap<String, Value>,
    records: BTreeMap<String, Value>,
    syncs: BTreeMap<String, Value>,
    letters: Vec<Value>,
    payloads: Vec<String>,
}

/// What is not as it should be.
pub(crate) async fn differences(
    addresses: &Addresses,
    book: &Book,
    broken: &BTreeSet<String>,
) -> Result<Found, Vec<String>> {
    let mut missing = addresses.left_in(&QUEUES).await;
    let Some(all) = Everything::read(addresses).await else {
        missing.push("not everything can be read".to_owned());
        return Err(missing);
    };
    all.compare_acknowledged(book, &mut missing);
    all.compare_broken(broken, &mut missing);
    let mut found = Found { living: 0, erased: 0, revisions: 0, letters: all.letters.len() };
    for (id, document) in all.documents.iter().filter(|(id, _)| !broken.contains(*id)) {
        match document["state"].as_str() {
            Some("active") => found.living += 1,
            Some("erased") => found.erased += 1,
            _ => continue,
        }
        found.revisions += document["revision"].as_u64().unwrap_or_default();
        if let Err(difference) = all.compare(id, document) {
            missing.push(difference);
        }
    }
    for id in all.records.keys() {
        let state = all.documents.get(id).map(|document| &document["state"]);
        if !state.is_some_and(|state| state == "active" || state == "erased") {
            missing.push(format!("{id} is a record of a profile that is {state:?}"));
        }
    }
    if missing.is_empty() {
        missing = all.compare_with_the_api(addresses).await;
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

impl Everything {
    async fn read(addresses: &Addresses) -> Option<Self> {
        let by = |name: &'static str| {
            move |value: Value| (value[name].as_str().unwrap_or_default().to_owned(), value)
        };
        Some(Self {
            documents: addresses
                .documents(("profiles", "profiles"))
                .await?
                .into_iter()
                .map(by("id"))
                .collect(),
            syncs: addresses
                .documents(("legacy", "legacy-sync"))
                .await?
                .into_iter()
                .map(by("id"))
                .collect(),
            letters: addresses.documents(("legacy", "dead-letters")).await?,
            records: watcher::records(addresses).await?.into_iter().map(by("profileId")).collect(),
            payloads: addresses.blobs("legacy-payloads").await?,
        })
    }

    /// A profile, its record, and what the app says of it.
    fn compare(&self, id: &str, document: &Value) -> Result<(), String> {
        let Some(record) = self.records.get(id) else {
            return Err(format!("{id} at {} has no record", document["revision"]));
        };
        let is_erased = document["state"] == "erased";
        if (&record["revision"], &record["erased"]) != (&document["revision"], &is_erased.into()) {
            let (record, document) = (&record["revision"], &document["revision"]);
            return Err(format!(
                "{id} at {document} is at {record} in the records: {:?}",
                self.syncs.get(id)
            ));
        }
        let Some(sync) = self.syncs.get(id) else {
            return Err(format!("{id} has no legacy-sync"));
        };
        let revisions = [&sync["sent"]["revision"], &sync["applied"]["revision"]];
        if sync["standing"] != "applied" || revisions != [&document["revision"]; 2] {
            return Err(format!("{id} at {} stands so: {sync}", document["revision"]));
        }
        // The blobs of what was applied go with the answer; of an erased person none may be left.
        if self.payloads.iter().any(|name| name.contains(&format!("{id}/"))) {
            return Err(format!("{id} has a payload left, erased: {is_erased}"));
        }
        Ok(())
    }

    fn compare_acknowledged(&self, book: &Book, missing: &mut Vec<String>) {
        for (id, known) in book.acknowledged() {
            let document = self.documents.get(&id).unwrap_or(&Value::Null);
            if document["revision"].as_u64() < Some(known.revision) {
                missing.push(format!(
                    "{id} was at {} once, and is at {}",
                    known.revision, document["revision"]
                ));
            }
            if known.is_erased && document["state"] != "erased" {
                missing.push(format!("{id} was erased, and is {}", document["state"]));
            }
        }
    }

    fn compare_broken(&self, broken: &BTreeSet<String>, missing: &mut Vec<String>) {
        for id in broken {
            let is_it = |letter: &&Value| {
                letter["subject"] == id.as_str()
                    && letter["reason"] == "broken-document"
                    && letter["state"] == "open"
            };
            match self.letters.iter().filter(is_it).count() {
                1 => {}
                count => missing.push(format!("{count} letters about the broken document {id}")),
            }
            if self.records.contains_key(id) {
                missing.push(format!("the broken document {id} has a record"));
            }
        }
    }

    /// What the mainframe has is what a client sees.
    async fn compare_with_the_api(&self, addresses: &Addresses) -> Vec<String> {
        let mut missing = Vec::new();
        for (id, record) in &self.records {
            let path = format!("/v1/profiles/{id}");
            let read = || addresses.request(Method::GET, &path);
            let answer = addresses.insist("reading a profile", |_| false, read).await;
            let seen = if answer.status == 404 { &Value::Null } else { &answer.body };
            if seen != &record["state"] {
                missing.push(format!(
                    "{id} is {seen} for clients and {} in the records",
                    record["state"]
                ));
            }
        }
        missing
    }
}
