//! Copies of containers that answer reads as a region would that has not heard of later writes.
//!
//! A copy is an emulator of its own with one container in it, under the same resource ids, so that clients' caches and
//! continuations fit. It is taken when the first request after `Faults::stale` comes, while no document is written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::Value;

use super::{
    Cosmos,
    earlier::Earlier,
    emulator::Emulator,
    message::{Call, Reply},
    partition_key::PartitionKey,
    persistence::{ContainerRecord, DatabaseRecord},
    query_text,
    reads::DEFAULT_PAGE,
    resource::{ContainerName, is_plan},
    restore::{restore_database, restore_definition, rid_of, without_stamps},
};
use crate::faults::StaleId;

/// Documents that are read at a time while a copy is taken.
const COPY_PAGE: &str = "1000";

/// The copies that answer now.
#[derive(Debug, Default)]
pub(super) struct Copies(Mutex<HashMap<StaleId, Arc<Copy>>>);

impl Copies {
    fn lock(&self) -> MutexGuard<'_, HashMap<StaleId, Arc<Copy>>> {
        self.0.lock().expect("no code panics while it holds the copies")
    }
}

/// One container as it was.
#[derive(Debug)]
pub(super) struct Copy {
    emulator: Emulator,
    /// The copy's own stamps, and those that clients know.
    earlier: Earlier,
}

impl Copy {
    /// Reads one document.
    pub(super) async fn read(&self, mut call: Call) -> Reply {
        if let Some(etag) = call.header("if-none-match").map(|etag| self.earlier.to_current(etag)) {
            call.set("if-none-match", &etag);
        }
        let mut reply = self.emulator.execute(&call).await;
        self.earlier.restore_one(&mut reply);
        reply
    }

    /// Lists or queries documents, a page at a time.
    pub(super) async fn list(&self, mut call: Call) -> Reply {
        if !call.headers.contains_key("x-ms-max-item-count") {
            call.set("x-ms-max-item-count", DEFAULT_PAGE);
        }
        let mut reply = self.emulator.execute(&call).await;
        if is_plan(&call.headers) {
            query_text::restore_plan(&mut reply);
        } else {
            self.earlier.restore_all(&mut reply);
        }
        reply
    }
}

impl Cosmos {
    /// The copy that answers reads of the container, taken now if it was not yet; usually there is none.
    pub(super) async fn copy_of(&self, name: &ContainerName) -> Result<Option<Arc<Copy>>, Reply> {
        let Some(id) = self.faults.stale_id(&name.database, &name.container) else {
            self.copies.lock().retain(|id, _| self.faults.is_stale(*id));
            return Ok(None);
        };
        if let Some(copy) = self.copies.lock().get(&id) {
            return Ok(Some(Arc::clone(copy)));
        }
        let _alone = self.catalogue_turn.write().await;
        if let Some(copy) = self.copies.lock().get(&id) {
            return Ok(Some(Arc::clone(copy)));
        }
        let copy = Arc::new(Box::pin(self.take_copy(name)).await?);
        self.copies.lock().insert(id, Arc::clone(&copy));
        Ok(Some(copy))
    }

    async fn take_copy(&self, name: &ContainerName) -> Result<Copy, Reply> {
        let emulator = self.emulator.empty_twin().map_err(|message| failed(&message))?;
        let database = self.existing(&["dbs", &name.database]).await?;
        let record = DatabaseRecord { id: name.database.clone(), rid: rid_of(&database) };
        restore_database(&emulator, &record).await.map_err(|error| failed(&error.to_string()))?;
        let definition = self.existing(&["dbs", &name.database, "colls", &name.container]).await?;
        let definition: Value = parsed(&definition.body)?;
        let paths: Vec<String> =
            serde_json::from_value(definition["partitionKey"]["paths"].clone()).unwrap_or_default();
        let record =
            ContainerRecord { number: 0, name: name.clone(), definition, throughput: None };
        restore_definition(&emulator, &record).await.map_err(|error| failed(&error.to_string()))?;

        let mut copy = Copy { emulator, earlier: Earlier::default() };
        let path = ["dbs", &name.database, "colls", &name.container, "docs"];
        let mut continuation: Option<String> = None;
        loop {
            let mut call = Call::to(Method::GET, &path).with("x-ms-max-item-count", COPY_PAGE);
            if let Some(continuation) = &continuation {
                call.set("x-ms-continuation", continuation);
            }
            let page = self.emulator.execute(&call).await;
            if !page.status.is_success() {
                return Err(page);
            }
            let mut body: Value = parsed(&page.body)?;
            for document in body["Documents"].as_array_mut().into_iter().flatten() {
                let create = Call::to(Method::POST, &path);
                self.copy_document(&mut copy, create, &paths, document).await?;
            }
            continuation = page.header("x-ms-continuation").map(str::to_owned);
            if continuation.is_none() {
                return Ok(copy);
            }
        }
    }

    async fn copy_document(
        &self,
        copy: &mut Copy,
        create: Call,
        paths: &[String],
        document: &mut Value,
    ) -> Result<(), Reply> {
        let key = PartitionKey::of_document(paths, document);
        let mut create = create
            .with("x-ms-documentdb-partitionkey", key.as_str())
            .with("prefer", "return=minimal");
        create.body = without_stamps(&Bytes::from(document.to_string()));
        let reply = copy.emulator.execute(&create).await;
        let Some(current) = reply.header("etag").filter(|_| reply.status == StatusCode::CREATED)
        else {
            return Err(reply);
        };
        // Clients know the document by the stamps of the live one.
        self.earlier.restore(document);
        let etag = document["_etag"].as_str().unwrap_or_default();
        copy.earlier.insert(etag, document["_ts"].as_u64().unwrap_or_default(), current);
        Ok(())
    }

    async fn existing(&self, path: &[&str]) -> Result<Reply, Reply> {
        let reply = self.emulator.execute(&Call::to(Method::GET, path)).await;
        if reply.status.is_success() { Ok(reply) } else { Err(reply) }
    }
}

fn parsed(body: &Bytes) -> Result<Value, Reply> {
    serde_json::from_slice(body).map_err(|error| failed(&error.to_string()))
}

fn failed(message: &str) -> Reply {
    let message = format!("copying the container for old reads: {message}");
    Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &message)
}
