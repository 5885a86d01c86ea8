//! Writing documents: in turn, kept before it is acknowledged.

use std::hash::BuildHasher;

use http::{Method, StatusCode};
use tokio::sync::{Mutex, MutexGuard};

use super::{
    Cosmos, bulk,
    changes::{self, Written},
    container::Container,
    document_key::DocumentKey,
    message::{Call, Reply},
    partition_key::PartitionKey,
    patch,
    resource::{ContainerName, Write},
    rules::{self, MAX_PARTITION_KEY_BYTES, bad_request},
};

/// Writers of different partition keys seldom wait for each other with this many locks.
const TURNS: usize = 64;

/// Locks, one for each partition key as far as they go round: what the emulator does to a partition key and what
/// is kept of it happen in the same order.
#[derive(Debug)]
pub(super) struct Turns([Mutex<()>; TURNS], std::hash::RandomState);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())), std::hash::RandomState::new())
    }
}

impl Turns {
    /// Waits for the turn of a partition key.
    pub(super) async fn take(&self, container: u64, partition_key: &str) -> MutexGuard<'_, ()> {
        let hash = self.1.hash_one((container, partition_key));
        let turn = usize::try_from(hash % TURNS as u64).expect("less than TURNS");
        self.0[turn].lock().await
    }
}

/// A write that was asked for.
#[derive(Debug)]
pub(super) struct WriteCall {
    pub(super) call: Call,
    pub(super) name: ContainerName,
    /// The id in the path; none for a create, an upsert or a batch.
    pub(super) id: Option<String>,
    pub(super) write: Write,
}

impl Cosmos {
    /// Does a write.
    pub(super) async fn write(&self, write: WriteCall) -> Reply {
        if bulk::is_bulk(&write) {
            bulk::write_each(self, &write).await
        } else {
            self.write_one(write).await
        }
    }

    /// One request: one document, or a batch that is done as a whole.
    pub(super) async fn write_one(&self, write: WriteCall) -> Reply {
        let _unchanged = self.catalogue_turn.read().await;
        let Some(container) = self.containers.get(&write.name) else {
            // There is no such container: the emulator says so in Azure's words.
            return self.emulator.execute(&write.call).await;
        };
        self.write_in(&container, write).await.unwrap_or_else(|refusal| refusal)
    }

    async fn write_in(&self, container: &Container, mut write: WriteCall) -> Result<Reply, Reply> {
        if matches!(write.write, Write::Create | Write::Upsert | Write::Replace) {
            rules::check_item(&write.call.body)?;
        }
        let partition_key = partition_key(container, &write.call)?;
        let _turn = self.turns.take(container.number, partition_key.as_str()).await;
        self.remove_expired_in(container, &partition_key).await;

        let minimal = !write.call.wants_content();
        write.call.set("x-ms-cosmos-populate-content-response-on-write", "true");
        self.translate_condition(&mut write.call);
        match write.write {
            Write::Patch => patch::prepare(self, container, &mut write).await?,
            Write::Batch => self.prepare_batch(container, &mut write).await?,
            _ => {}
        }
        let under_way = container.changes.under_way().await;
        let mut reply = self.emulator.execute(&write.call).await;
        if reply.status.is_success() {
            let written = changes::written(&write, container.number, &partition_key, &reply)?;
            container.changes.note(&reply, &written);
            drop(under_way);
            self.keep_written(container, &reply, written)?;
        }
        self.earlier.restore_all(&mut reply);
        if minimal {
            changes::without_content(&write, &mut reply);
        }
        Ok(reply)
    }

    /// Keeps what was done, and sets the deadlines.
    fn keep_written(
        &self,
        container: &Container,
        reply: &Reply,
        written: Vec<Written>,
    ) -> Result<(), Reply> {
        let now = self.clock.now().as_second();
        let position = self.position(reply);
        let mut persisted = Vec::with_capacity(written.len());
        for one in written {
            let ttl = one.document.as_ref().map(|document| document.ttl);
            let ttl = ttl.and_then(|ttl| container.time_to_live(ttl));
            self.deadlines.set(&one.key, ttl.map(|seconds| now.saturating_add(seconds)));
            persisted.push(one.into_change(position, now));
        }
        self.persist(|persistence| persistence.apply(&persisted))
    }

    /// Clients know documents that were read back by their earlier ETags. `If-Match: *` asks for any document
    /// at all, which a write that needs one does anyway; the emulator would compare it as an ETag.
    fn translate_condition(&self, call: &mut Call) {
        for name in ["if-match", "if-none-match"] {
            let Some(etag) = call.header(name).map(|etag| self.earlier.to_current(etag)) else {
                continue;
            };
            if name == "if-match" && etag == "*" {
                call.headers.remove(name);
            } else {
                call.set(name, &etag);
            }
        }
    }

    /// Removes what is over in this partition key. The caller has its turn.
    async fn remove_expired_in(&self, container: &Container, partition_key: &PartitionKey) {
        let now = self.clock.now().as_second();
        if !container.has_ttl() || !self.deadlines.any_due(now) {
            return;
        }
        let prefix = DocumentKey::partition_prefix(container.number, partition_key);
        for key in self.deadlines.due_in(&prefix, now) {
            self.remove_expired(container, &key).await;
        }
    }

    /// Removes one document that is over. The caller has the turn of its partition key.
    pub(super) async fn remove_expired(&self, container: &Container, key: &DocumentKey) {
        let name = &container.name;
        let call = Call::to(
            Method::DELETE,
            &["dbs", &name.database, "colls", &name.container, "docs", key.id()],
        )
        .with("x-ms-documentdb-partitionkey", key.partition_key());
        let reply = self.emulator.execute(&call).await;
        if !reply.status.is_success() && reply.status != StatusCode::NOT_FOUND {
            tracing::warn!(status = %reply.status, container = name.container, "removing an expired item");
            return;
        }
        let removed = vec![changes::Written { key: key.clone(), document: None }];
        container.changes.note(&reply, &removed);
        // When it cannot be kept it is removed again after the next start: its deadline is kept with it.
        let _ = self.keep_written(container, &reply, removed);
    }
}

/// The partition key of a write: the header, or without one the document.
fn partition_key(container: &Container, call: &Call) -> Result<PartitionKey, Reply> {
    let key = match call.header("x-ms-documentdb-partitionkey") {
        Some(header) => PartitionKey::from_header(header).map_err(|e| bad_request(&e))?,
        None => {
            let document = serde_json::from_slice(&call.body).map_err(|_| {
                bad_request("the request has neither a header x-ms-documentdb-partitionkey nor a JSON document")
            })?;
            PartitionKey::of_document(&container.partition_key_paths, &document)
        }
    };
    if key.as_str().len() > MAX_PARTITION_KEY_BYTES {
        return Err(bad_request(&format!(
            "a partition key has at most {MAX_PARTITION_KEY_BYTES} bytes"
        )));
    }
    Ok(key)
}
