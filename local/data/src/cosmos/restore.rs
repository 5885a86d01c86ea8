//! Reading back what was kept: the emulator is given every database, container and document again, in the order
//! in which they were last written.

use std::collections::HashMap;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    changes::{Document, Written},
    container::{Container, Containers},
    deadlines::Deadlines,
    document_key::DocumentKey,
    earlier::Earlier,
    emulator::Emulator,
    message::{Call, Reply},
    persistence::{ContainerRecord, DatabaseRecord, Persistence, Position, StoredDocument},
    ranges::RANGE,
};
use crate::{Error, losses::Losses};

/// Numbers that the emulator gave to things deleted since are used up, at most so many, so that what is read
/// back has the resource id that clients have cached.
const MAX_USED_UP: u32 = 10_000;

/// The emulator takes no larger request for an item.
const MAX_SENT_BYTES: usize = 2 << 20;

/// What reading back yields besides a filled emulator.
#[derive(Debug, Default)]
pub(super) struct Restored {
    pub(super) containers: Containers,
    pub(super) deadlines: Deadlines,
    pub(super) earlier: Earlier,
}

/// Gives the emulator everything that was kept.
pub(super) async fn restore(
    persistence: &Persistence,
    emulator: &Emulator,
    losses: &Losses,
) -> Result<Restored, Error> {
    let mut restored = Restored::default();
    let failed = |e: fjall::Error| unreadable("the account", &e.to_string());
    let records = persistence.containers().map_err(failed)?;
    let numbers: Vec<u64> = records.iter().map(|record| record.number).collect();
    let orphans = persistence.remove_orphans(&numbers).map_err(failed)?;
    if orphans > 0 && losses.any() {
        losses.note(format!("the items of {orphans} containers that are missing are left out"));
    }
    let mut databases = persistence.databases().map_err(failed)?;
    databases.sort_by_key(|record| rid_number(&record.rid));
    for database in &databases {
        leave_out(restore_database(emulator, database).await, losses);
    }
    for record in records {
        leave_out(restored.container(persistence, emulator, record, losses).await, losses);
    }
    Ok(restored)
}

/// What cannot be read back is missing; the rest is there.
fn leave_out<T>(restored: Result<T, Error>, losses: &Losses) -> Option<T> {
    restored.map_err(|error| losses.note(format!("left out: {error}"))).ok()
}

pub(super) async fn restore_database(
    emulator: &Emulator,
    record: &DatabaseRecord,
) -> Result<(), Error> {
    for attempt in 0..MAX_USED_UP {
        let reply =
            created(emulator, &["dbs"], &json!({ "id": record.id }).to_string(), None).await?;
        if rid_of(&reply) == record.rid
            || attempt + 1 == MAX_USED_UP
            || rid_number(&rid_of(&reply)) > rid_number(&record.rid)
        {
            break;
        }
        emulator.execute(&Call::to(Method::DELETE, &["dbs", &record.id])).await;
    }
    Ok(())
}

impl Restored {
    async fn container(
        &mut self,
        persistence: &Persistence,
        emulator: &Emulator,
        record: ContainerRecord,
        losses: &Losses,
    ) -> Result<(), Error> {
        restore_definition(emulator, &record).await?;
        let container = Container::new(record.number, record.name, &record.definition);
        let what =
            format!("the container {}/{}", container.name.database, container.name.container);
        let failed = |e: fjall::Error| unreadable(&what, &e.to_string());
        let mut positions: HashMap<String, Vec<Position>> = HashMap::new();
        for key in persistence.documents_in_order(container.number).map_err(failed)? {
            let Some(document) = persistence.document(&key).map_err(failed)? else {
                continue;
            };
            let read = self.document(emulator, &container, &key, &document).await;
            let Some(range) = leave_out(read, losses) else { continue };
            positions.entry(range).or_default().push(document.position);
        }
        self.containers.insert(container.restored(positions));
        Ok(())
    }

    /// Reads back one document, and returns the partition key range that it is in.
    async fn document(
        &mut self,
        emulator: &Emulator,
        container: &Container,
        key: &DocumentKey,
        document: &StoredDocument,
    ) -> Result<String, Error> {
        /// The parts of a document that outlive its being stamped anew.
        #[derive(Deserialize)]
        struct Known {
            #[serde(rename = "_etag")]
            etag: String,
            #[serde(rename = "_ts")]
            ts: u32,
            #[serde(default)]
            ttl: Option<Value>,
        }
        let name = &container.name;
        let what = || format!("the item {:?} of {}/{}", key.id(), name.database, name.container);
        let known: Known = serde_json::from_slice(&document.body)
            .map_err(|e| unreadable(&what(), &e.to_string()))?;
        let mut call =
            Call::to(Method::POST, &["dbs", &name.database, "colls", &name.container, "docs"])
                .with("x-ms-documentdb-partitionkey", key.partition_key())
                .with("prefer", "return=minimal");
        call.body = without_stamps(&document.body);
        let reply = emulator.execute(&call).await;
        let current = reply.header("etag").map(str::to_owned);
        let range = reply.header(RANGE).map(str::to_owned);
        let (StatusCode::CREATED, Some(current), Some(range)) = (reply.status, current, range)
        else {
            return Err(unreadable(&what(), &refusal(&reply)));
        };
        self.earlier.insert(&known.etag, known.ts.into(), &current);
        let own_ttl = known.ttl.and_then(|ttl| ttl.as_i64());
        let ttl = container.time_to_live(own_ttl);
        self.deadlines.set(key, ttl.map(|seconds| document.written_at.saturating_add(seconds)));
        let read = Document { body: document.body.clone(), ts: known.ts.into(), ttl: own_ttl };
        container.changes.note(&reply, &[Written { key: key.clone(), document: Some(read) }]);
        Ok(range)
    }
}

pub(super) async fn restore_definition(
    emulator: &Emulator,
    record: &ContainerRecord,
) -> Result<(), Error> {
    let name = &record.name;
    let rid = record.definition["_rid"].as_str().unwrap_or_default();
    for attempt in 0..MAX_USED_UP {
        let path = ["dbs", &name.database, "colls"];
        let reply =
            created(emulator, &path, &record.definition.to_string(), record.throughput).await?;
        if rid_of(&reply) == rid
            || attempt + 1 == MAX_USED_UP
            || rid_number(&rid_of(&reply)) > rid_number(rid)
        {
            break;
        }
        emulator
            .execute(&Call::to(Method::DELETE, &["dbs", &name.database, "colls", &name.container]))
            .await;
    }
    Ok(())
}

async fn created(
    emulator: &Emulator,
    path: &[&str],
    body: &str,
    throughput: Option<u64>,
) -> Result<Reply, Error> {
    let mut call = Call::to(Method::POST, path);
    if let Some(throughput) = throughput {
        call.set("x-ms-offer-throughput", &throughput.to_string());
    }
    call.body = Bytes::copy_from_slice(body.as_bytes());
    let reply = emulator.execute(&call).await;
    if reply.status == StatusCode::CREATED {
        Ok(reply)
    } else {
        Err(unreadable(&format!("{} {body}", path.join("/")), &refusal(&reply)))
    }
}

pub(super) fn rid_of(reply: &Reply) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    body["_rid"].as_str().unwrap_or_default().to_owned()
}

/// The text of a document as it was sent, if with the emulator's stamps it would be too large to be sent again.
pub(super) fn without_stamps(body: &Bytes) -> Bytes {
    if body.len() <= MAX_SENT_BYTES {
        return body.clone();
    }
    match serde_json::from_slice::<serde_json::Map<String, Value>>(body) {
        Ok(mut document) => {
            for stamp in ["_rid", "_self", "_etag", "_ts", "_attachments"] {
                document.remove(stamp);
            }
            Value::Object(document).to_string().into()
        }
        Err(_) => body.clone(),
    }
}

/// The last number in a resource id: that of the database or of the container within it.
fn rid_number(rid: &str) -> u32 {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let bytes = STANDARD.decode(rid.replace('-', "/")).unwrap_or_default();
    bytes.last_chunk().map_or(0, |last| u32::from_be_bytes(*last))
}

fn refusal(reply: &Reply) -> String {
    format!("the emulator answers {}: {}", reply.status, String::from_utf8_lossy(&reply.body))
}

fn unreadable(what: &str, message: &str) -> Error {
    Error::Restore { what: what.to_owned(), message: message.to_owned() }
}
